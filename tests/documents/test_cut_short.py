"""A file that was cut short is refused, or what is made of it can be read and bound."""

from __future__ import annotations

import io

import pytest
from pikepdf import Pdf

from portal.documents.bind import Front, Paper, bind
from portal.documents.findings import FindingKind
from portal.documents.intake import examine
from portal.documents.refusal import RefusedPaper
from tests.documents.making import numbered


@pytest.mark.parametrize("tenth", range(1, 10))
def test_what_is_taken_can_be_bound(tenth: int) -> None:
    whole = numbered(3)
    try:
        taken = examine(whole[: len(whole) * tenth // 10])
    except RefusedPaper:
        return
    with Pdf.open(io.BytesIO(taken.pdf_clear), attempt_recovery=False) as pdf:
        assert len(pdf.pages) == taken.pages
    assert FindingKind.REPAIRED in {finding.kind for finding in taken.findings}
    paper = Paper(1, "Paper", "Police", taken.pdf_clear, taken.pages)
    assert bind(Front("Pack", "REF", "Today"), [paper]).pages > taken.pages


def test_a_file_without_its_end_is_repaired_into_one_that_opens() -> None:
    whole = numbered(2)
    taken = examine(whole[: whole.rindex(b"xref")] if b"xref" in whole else whole[:-40])
    assert taken.pages >= 1
    with Pdf.open(io.BytesIO(taken.pdf_clear), attempt_recovery=False) as pdf:
        assert len(pdf.pages) == taken.pages
