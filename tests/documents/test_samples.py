"""Papers and hostile files from outside, where a folder of them is at hand.

PORTAL_SHARED_DATA names the folder; else `shared/data` beside the checkout. It holds `papers/`
and `hostile/`. The other tests make all they need, so nothing here is missed without it.
"""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from portal.documents.bind import Front, Paper, bind
from portal.documents.intake import FindingKind, examine
from portal.documents.refusal import RefusalCode
from portal.documents.stamp import Stamp, stamp
from tests.documents.making import denied, markers, opened, outcome, pictures, texts
from tests.documents.samples import FOLDER

PAPERS = sorted((FOLDER / "papers").glob("*.pdf"))
WORD = [p for p in sorted((FOLDER / "papers").glob("*.*")) if p.suffix != ".pdf"]
HOSTILE = sorted((FOLDER / "hostile").glob("*"))


@pytest.mark.parametrize("path", PAPERS, ids=lambda path: path.name)
def test_a_paper_looks_as_before(path: Path) -> None:
    clear = path.read_bytes()
    accepted = examine(clear)
    assert markers(accepted.pdf_clear) == set()
    assert denied(accepted.pdf_clear) == set()
    if "encrypted" not in path.name:
        assert pictures(accepted.pdf_clear, 0.2) == pictures(clear, 0.2)


@pytest.mark.real("LibreOffice in a sandbox")
@pytest.mark.parametrize("path", WORD, ids=lambda path: path.name)
def test_a_word_file_becomes_pages(path: Path, libreoffice: None) -> None:
    accepted = examine(path.read_bytes())
    assert FindingKind.FROM_WORD in {finding.kind for finding in accepted.findings}
    assert FindingKind.NO_TAGS not in {finding.kind for finding in accepted.findings}
    assert "OFFICIAL-SENSITIVE" in texts(accepted.pdf_clear)[0]
    assert denied(accepted.pdf_clear) == set()


@pytest.mark.parametrize("path", HOSTILE, ids=lambda path: path.name)
def test_a_hostile_file_is_refused_or_harmless(path: Path) -> None:
    start = time.monotonic()
    result = outcome(path.read_bytes())
    # LibreOffice takes its time to start, however small the file.
    assert time.monotonic() - start < (60 if path.suffix == ".docx" else 10)
    if result not in set(RefusalCode):
        clean = examine(path.read_bytes()).pdf_clear
        assert markers(clean) == set()
        assert denied(clean) == set()


@pytest.mark.parametrize("count", [len(PAPERS)] if PAPERS else [])
def test_all_papers_make_one_pack(count: int) -> None:
    taken = [examine(path.read_bytes()) for path in PAPERS]
    papers = [
        Paper(tab, path.stem, "Agency", each.pdf_clear, each.pages)
        for tab, (path, each) in enumerate(zip(PAPERS, taken, strict=True), 1)
    ]
    bound = bind(Front("Pack", "REF", "Today"), papers)
    assert len(bound.contents) == count
    copy = stamp(bound.pdf_clear, Stamp("Ann", "Police", "Copy 1 of 2", "Now", "7K3M-Q9XD-2FVA"))
    opened(copy)
    for number, text in enumerate(texts(copy), 1):
        assert f"Page {number} of {bound.pages}" in " ".join(text.split())
        assert "Copy 1 of 2" in text
