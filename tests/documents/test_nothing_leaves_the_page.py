"""Whatever somebody types, all of it stands on the page, and in its own cell of a table."""

from __future__ import annotations

from collections.abc import Mapping

import pypdfium2 as pdfium
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.documents.typeset import Template, typeset
from tests.documents.making import opened

WIDE, MARGIN, SLACK = 595.28, 62.36, 1.0
ADDRESS = "https://meetings.example.org/" + "northmere-level-3/" * 7
LONG = {
    "an address": ADDRESS[:140],
    "one letter": "W" * 150,
    "a word": "Pneumonoultramicroscopicsilicovolcanoconiosis" * 4,
    "a name": "Bartholomew-Featherstonehaugh",
    "digits and slashes": "1/2-" * 60,
    "spaces that keep": "12\u00a0kilometres\u00a0" * 12,
    "marks": "Ü\u0308e\u0301" * 60,
    "Greek": "Λοπαδοτεμαχοσελαχογαλεοκρανιολειψανο" * 4,
    "mixed": "aW1-" + "i" * 90 + "/" + "M" * 90,
    "unknown": "\U0001f600" * 150,
}


def pages_with(word: str) -> dict[Template, Mapping[str, object]]:
    said = f"before {word} after"
    facts = [[word, said], ["Paper", f"first\n{word}"]]
    return {
        "minutes": {
            "title": "Minutes", "reference": "NM/2026/1", "meeting_line": said, "facts": facts,
            "handling": [said], "present": [[word, word, word]], "others": facts,
            "sections": [{"title": "Risk", "facts": [["", said], ["Heading", word]]}],
            "decisions": [{"decision": said, "rationale": word, "dissent": said}],
            "actions": [[word, word, word, "12 May 2026"]], "outcome": facts,
        },
        "summary": {
            "title": "Summary", "reference": "NM/2026/1", "facts": facts, "note": said,
            "sections": [{"title": "Risk", "paragraphs": [said, word]}], "signed": [word],
        },
        "authority": {
            "title": "Authority", "number": "7", "date": "14 May 2026", "reference": "NM/1",
            "facts": facts, "terms": [said], "signed": [said],
        },
    }  # fmt: skip


def letters(pdf: bytes) -> list[list[tuple[str, float, float, float, float]]]:
    """Each page's letters and where they stand: left, bottom, right, top, in points."""
    found = []
    for page in pdfium.PdfDocument(pdf):
        text = page.get_textpage()
        all_of = text.get_text_range()
        boxes = [(all_of[at], *text.get_charbox(at)) for at in range(len(all_of))]
        found.append([each for each in boxes if each[0].isprintable() and not each[0].isspace()])
    return found


def said_in(pdf: bytes) -> str:
    pages = (page.get_textpage().get_text_range() for page in pdfium.PdfDocument(pdf))
    return "".join("".join(pages).split())


@pytest.mark.parametrize("template", ["minutes", "summary", "authority"])
@pytest.mark.parametrize("kind", LONG)
def test_long_words_stay_within_the_margins(template: Template, kind: str) -> None:
    pdf = typeset(template, pages_with(LONG[kind])[template])
    assert b"pdfuaid:part" in opened(pdf).Root.Metadata.read_bytes()
    outside = [
        each
        for page in letters(pdf)
        for each in page
        if each[1] < MARGIN - SLACK or each[3] > WIDE - MARGIN + SLACK
    ]
    assert outside == []


@pytest.mark.parametrize("kind", ["an address", "one letter", "a word"])
@pytest.mark.parametrize("template", ["minutes", "summary", "authority"])
def test_the_words_are_found_as_they_were_typed(template: Template, kind: str) -> None:
    pdf = typeset(template, pages_with(LONG[kind])[template])
    assert LONG[kind] in said_in(pdf)
    assert "\u200b" not in said_in(pdf)


@pytest.mark.parametrize("kind", LONG)
def test_words_stay_in_their_cells(kind: str) -> None:
    pdf = typeset("minutes", pages_with(LONG[kind])["minutes"])
    for page, letters_there in zip(pdfium.PdfDocument(pdf), letters(pdf), strict=True):
        upright = [
            each.get_bounds()
            for each in page.get_objects()
            if each.type == pdfium.raw.FPDF_PAGEOBJ_PATH
            and each.get_bounds()[2] - each.get_bounds()[0] < 2
        ]
        crossed = [
            (letter, left, x)
            for letter, left, low, right, high in letters_there
            for x, bottom, _right, top in upright
            if bottom < (low + high) / 2 < top and left + 0.5 < x < right - 0.5
        ]
        assert crossed == []


@settings(max_examples=25, deadline=None)
@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Zs"]), max_size=300))
def test_whatever_is_typed_stays_on_the_page(word: str) -> None:
    for page in letters(typeset("minutes", pages_with(word)["minutes"])):
        for letter, left, _bottom, right, _top in page:
            assert left > 0, letter
            assert right < WIDE, letter


@pytest.mark.parametrize(
    "words", ["wonderful " * 5000, "\u16a0\u16a2\u16a6 " * 3000, LONG["a word"] * 40]
)
def test_much_that_is_typed_is_set(words: str) -> None:
    pdf = typeset("summary", pages_with(words)["summary"])
    assert b"pdfuaid:part" in opened(pdf).Root.Metadata.read_bytes()
