"""However a file spells a word: it is gone, or no extract is made, or it is told where to look."""

from __future__ import annotations

import pytest
from pikepdf import Dictionary

from portal.documents.intake import examine
from portal.documents.redact import Extract, extract, occurrences
from tests.documents.leaks import OTHER, SECRET, everywhere
from tests.documents.making import font, new, saved
from tests.documents.spellings import GONE, STOPPED, TOLD
from tests.documents.witness import seen


def spelled(way: str) -> bytes:
    pdf = new(OTHER, OTHER)
    for page in pdf.pages:
        page.Resources = Dictionary(Font=Dictionary(F1=font()))
    pdf.pages[0].Contents = pdf.make_stream((GONE | STOPPED | TOLD)[way](pdf))
    return examine(saved(pdf)).pdf_clear


def without(clear: bytes) -> Extract:
    found, _ = occurrences(clear, SECRET)
    return extract(clear, [1, 2], [area for each in found for area in each.areas], [SECRET])


@pytest.mark.parametrize("way", GONE)
def test_a_word_that_a_reader_places_is_gone(way: str) -> None:
    made = without(spelled(way))
    assert made.tested.passed
    assert made.flat == (1,)
    assert everywhere(made.pdf_clear) == []


@pytest.mark.parametrize("way", STOPPED)
def test_a_word_that_no_reader_places_stops_the_extract(way: str) -> None:
    made = without(spelled(way))
    assert made.pdf_clear == b""
    assert [(left.sheet, left.word) for left in made.tested.seen] == [(1, SECRET)]


@pytest.mark.parametrize("way", TOLD)
def test_letters_that_say_nothing_are_told_to_be_looked_at(way: str) -> None:
    made = without(spelled(way))
    assert made.tested.pictures == (1,)


@pytest.mark.real("tesseract in a sandbox")
@pytest.mark.parametrize(
    "way", ["by a table", "over two lines", "from its end", "in a note", "in a drawing's drawing",
            "as a clip", "by a state", "a unit high, made large"]
)  # fmt: skip
def test_it_is_gone_from_the_picture_too(way: str, tesseract: None) -> None:
    clear = spelled(way)
    assert "quixwood" in seen(clear, 1)
    assert "quixwood" not in seen(without(clear).pdf_clear, 1)
