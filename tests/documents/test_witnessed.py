"""Removed words are in no picture either, says a program that reads nothing but the picture."""

from __future__ import annotations

import pytest

from portal.documents.intake import examine
from portal.documents.redact import Area, extract, occurrences
from tests.documents.leaks import OTHER, SECRET
from tests.documents.making import plain
from tests.documents.test_stand_ins import WAYS, patterned, source, spoken
from tests.documents.witness import seen

pytestmark = pytest.mark.real("tesseract in a sandbox")


@pytest.mark.parametrize("way", [*WAYS, "in a drawing", "by a name"])
def test_a_word_that_says_another_is_gone_from_the_picture(way: str, tesseract: None) -> None:
    clear = source(way)
    assert "quixwood" in seen(clear, 1)
    found, _ = occurrences(clear, SECRET)
    made = extract(clear, [1, 2], [area for each in found for area in each.areas], [SECRET])
    assert "quixwood" not in seen(made.pdf_clear, 1)
    assert "nothingofnote" in seen(made.pdf_clear, 2)


def test_what_is_painted_goes_with_what_it_says(tesseract: None) -> None:
    clear = examine(plain(spoken(b"(Quixwood)", b"Painted"), OTHER)).pdf_clear
    assert "painted" in seen(clear, 1)
    found, _ = occurrences(clear, SECRET)
    made = extract(clear, [1, 2], found[0].areas, [SECRET])
    assert "painted" not in seen(made.pdf_clear, 1)


def test_a_pattern_that_is_painted_over_shows_nothing(tesseract: None) -> None:
    clear = patterned(b"400")
    assert "quixwood" in seen(clear, 1)
    made = extract(clear, [1, 2], [Area(1, 0, 0, 1, 1)], [SECRET])
    assert "quixwood" not in seen(made.pdf_clear, 1)
