"""What the portal sets itself is PDF/UA-1 when its reader has it, not only when it was set."""

from __future__ import annotations

import logging
from typing import Any

import pikepdf
import pytest

from portal.chance import new_copy_reference
from portal.documents.bind import Apart, Front, Paper, bind, bind_apart
from portal.documents.stamp import Stamp, stamp
from portal.documents.typeset import count_pages, typeset
from tests.documents.making import numbered, opened, texts
from tests.documents.test_tagged import disposal, minutes, roles, summary
from tests.documents.test_typeset import PAGES, SLY

REFERENCE = new_copy_reference()
MARK = Stamp("Ann Ünal", "Prison", "Copy 1 of 2 of BK/1-M1", "Opened today", REFERENCE)
FRONT = Front("Minutes", "BK/1-M1", "14 May 2026", ("Do not copy.",))
# A letter and a mark that only different fonts have: more such pairs than are looked into.
MARKS = "\u1cd0\u1cd2\u1cd5\u1cd6\u1cd8\u1ce1\u1ced\u1cf7\u20dd\u20de\u302a\u302b\u302c\u302d"
NO_GLYPH = [f"{chr(0x61 + at)}{mark}" for at, mark in enumerate(MARKS)]


def claims(clear: bytes) -> bool:
    """What a reader's program looks at first (ISO 14289-1, 5), with what must stand behind it."""
    pdf = opened(clear)
    whole = "/StructTreeRoot" in pdf.Root and bool(pdf.Root.MarkInfo.Marked)
    shown = bool(pdf.Root.get("/ViewerPreferences", {}).get("/DisplayDocTitle", False))
    said = b"pdfuaid:part" in pdf.Root.Metadata.read_bytes()
    assert not said or (whole and shown and b"dc:title" in pdf.Root.Metadata.read_bytes())
    return said


def paper(clear: bytes, pages: int) -> Paper:
    return Paper(1, "MAPPA C", "The unit", clear, pages)


def cells(pdf: pikepdf.Pdf) -> list[Any]:
    """Every header cell and every cell, in reading order."""
    found: list[Any] = []

    def walk(node: Any) -> None:
        if isinstance(node, pikepdf.Array):
            for each in node:
                walk(each)
        elif isinstance(node, pikepdf.Dictionary):
            if node.get("/S") in ("/TH", "/TD"):
                found.append(node)
            walk(node.get("/K"))

    walk(pdf.Root.StructTreeRoot.K)
    return found


@pytest.mark.parametrize("template", ["authority", "refusal", "receipt"])
def test_a_stamped_paper_of_ours_still_says_so(template: Any) -> None:
    copy = stamp(typeset(template, PAGES[template]), MARK)
    assert claims(copy)
    assert REFERENCE in "".join(texts(copy))


@pytest.mark.parametrize("made", [minutes, summary, disposal])
def test_typed_markup_does_not_cost_it(made: Any) -> None:
    template: Any = made.__name__
    assert claims(stamp(typeset(template, made(SLY)), MARK))


def test_minutes_from_the_form_are_bound_and_stamped_and_still_say_so() -> None:
    data = minutes("Plain words.")
    clear = typeset("minutes", data)
    bound = bind(FRONT, [paper(clear, count_pages("minutes", data))])
    assert claims(bound.pdf_clear)
    assert claims(stamp(bound.pdf_clear, MARK))
    apart = Apart("After page 2", "A1", lambda page: f"A1-{page}")
    alone = bind_apart(FRONT, paper(clear, count_pages("minutes", data)), apart)
    assert claims(stamp(alone.pdf_clear, MARK))


def test_a_foreign_paper_takes_the_claim_from_the_whole() -> None:
    data = minutes("Plain words.")
    clear = typeset("minutes", data)
    ours = paper(clear, count_pages("minutes", data))
    bound = bind(FRONT, [ours, Paper(2, "Report", "Prison", numbered(2), 2)])
    assert not claims(bound.pdf_clear)
    assert not claims(stamp(bound.pdf_clear, MARK))
    assert not claims(stamp(numbered(1), MARK))


def test_words_without_a_glyph_cost_the_claim_with_a_warning_that_repeats_none(
    caplog: pytest.LogCaptureFixture,
) -> None:
    data = minutes(" ".join(NO_GLYPH))
    with caplog.at_level(logging.WARNING, "portal.documents.typeset"):
        clear = typeset("minutes", data)
    assert [each.levelname for each in caplog.records] == ["WARNING"]
    assert not [each for each in NO_GLYPH if each in caplog.text or each[1] in caplog.text]
    assert "/H1" in roles(clear)
    assert not claims(clear)
    assert not claims(stamp(clear, MARK))
    bound = bind(FRONT, [paper(clear, count_pages("minutes", data))])
    assert not claims(bound.pdf_clear)


def test_words_with_glyphs_give_no_warning(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "portal.documents.typeset"):
        assert claims(typeset("minutes", minutes("Zoë Ünal, Łódź \u202e\x00")))
    assert caplog.records == []


def test_links_of_the_contents_say_where_they_lead() -> None:
    data = minutes("Plain words.")
    bound = bind(FRONT, [paper(typeset("minutes", data), count_pages("minutes", data))])
    pdf = opened(bound.pdf_clear)
    links = [link for page in pdf.pages for link in page.obj.get("/Annots", [])]
    assert [str(link.Contents) for link in links] == ["Tab 1: MAPPA C"]


def test_cells_know_their_own_headers_and_no_other_papers() -> None:
    data = minutes("Plain words.")
    clear, pages = typeset("minutes", data), count_pages("minutes", data)
    bound = bind(FRONT, [paper(clear, pages), Paper(2, "Again", "The unit", clear, pages)])
    pdf = opened(bound.pdf_clear)
    found = cells(pdf)
    names = [str(cell.ID) for cell in found if cell.S == "/TH"]
    assert names
    assert len(set(names)) == len(names)
    for cell in found:
        for each in cell.A if isinstance(cell.A, pikepdf.Array) else [cell.A]:
            assert {str(name) for name in each.get("/Headers", [])} <= set(names)
