"""The sample paper: a word to read, of a usual size, and the same wherever it is made."""

from __future__ import annotations

import io
import subprocess
import sys

import pikepdf
import pytest
from pypdf import PdfReader

from portal.documents.sample import SIZE, WORD, digest, is_whole, sample_paper
from portal.web.intake import LARGEST_SAMPLE


def test_its_word_can_be_read() -> None:
    reader = PdfReader(io.BytesIO(sample_paper()))
    assert len(reader.pages) == 1
    assert WORD in reader.pages[0].extract_text().split()


def test_it_is_as_large_as_a_usual_paper_and_may_come_back() -> None:
    assert SIZE < len(sample_paper()) < LARGEST_SAMPLE - 50_000


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


@pytest.mark.parametrize("cut", [0, 1, 1000])
def test_what_was_altered_is_not_whole(cut: int) -> None:
    data = sample_paper()
    assert is_whole(data)
    assert not is_whole(data[: len(data) - cut - 1])
    assert not is_whole(data[:cut] + b"\0" + data[cut + 1 :])
