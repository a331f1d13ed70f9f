"""The sample paper: a word to read, of a usual size, and the same wherever it is made."""

from __future__ import annotations

import io
import subprocess
import sys

import pikepdf
from pypdf import PdfReader

from portal.documents.sample import SIZE, WORD, digest, sample_paper


def test_its_word_can_be_read() -> None:
    reader = PdfReader(io.BytesIO(sample_paper()))
    assert len(reader.pages) == 1
    assert WORD in reader.pages[0].extract_text().split()


def test_it_is_as_large_as_a_usual_paper() -> None:
    assert SIZE < len(sample_paper()) < SIZE + 150_000


def test_another_process_makes_the_same() -> None:
    told = subprocess.run(
        [sys.executable, "-c", "from portal.documents.sample import digest; print(digest())"],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert told.stdout.strip() == digest()


def test_it_says_nothing_of_when_or_where_it_was_made() -> None:
    with pikepdf.open(io.BytesIO(sample_paper())) as pdf:
        assert not {"/CreationDate", "/ModDate"} & set(pdf.docinfo)
        assert "/Metadata" not in pdf.Root
