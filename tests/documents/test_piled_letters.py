"""Letters that paint nothing are told though their place shows the letters of others."""

from __future__ import annotations

import pytest

from portal.documents.findings import FindingKind
from tests.documents.making import TEXT, saved
from tests.documents.test_first_look import PAPER, SAY, _pdf, told

OVER = b"BT /F1 9 Tf 72 300 Td (Unsaid) Tj ET "
LARGE = b"BT /F1 14 Tf 68 297 Td (Unsaid today) Tj ET "
ABOVE = b"BT /F1 9 Tf 68 304 Td (ggpqyjgpqyjg) Tj ET "
BELOW = b"BT /F1 9 Tf 68 296 Td (HdkHlbHfdHlb) Tj ET "
EMPTY = b"BT /B 9 Tf 72 300 Td (Leila) Tj ET "
NOTHING = b"BT /N 9 Tf 72 300 Td (Leila) Tj ET "
CUT = b"q 0 0 10 10 re W n " + SAY + b"Q "
SOFT = b"q /V gs " + SAY + b"Q "
CLIP = b"q BT 7 Tr /F1 9 Tf 72 300 Td (Leila) Tj ET Q "

HIDDEN = {
    "letters that are spaces, beneath": EMPTY + OVER,
    "letters that are spaces, above": OVER + EMPTY,
    "letters that are nothing": NOTHING + LARGE,
    "cut away": CUT + OVER,
    "cut away, above larger ones": LARGE + CUT,
    "beneath a soft mask": SOFT + OVER,
    "a clip of letters": CLIP + OVER,
    "between two lines": ABOVE + EMPTY + BELOW,
    "in a drawing, cut away": b"q 0 0 10 10 re W n /D Do Q " + OVER,
    "in pieces": b"".join(
        b"q 0 0 9 9 re W n BT /F1 9 Tf %d 300 Td (%c) Tj ET Q " % (72 + 5 * at, letter)
        for at, letter in enumerate(b"Leila")
    )
    + OVER,
    "beneath larger ones of the same colour": b"BT /F1 2 Tf 73.2 303 Td (Leila) Tj ET "
    b"BT /F1 80 Tf 61 280 Td (I) Tj ET ",
    "one of two that are seen": SAY + OVER + EMPTY,
    "on a shade": b"0.9 g 60 290 100 30 re f 0 g " + CUT + OVER,
    "white beneath black": b"1 g " + SAY + b"0 g " + OVER,
    "many of them": CUT + OVER + LARGE + EMPTY + NOTHING,
}


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_letters_under_letters_are_told(rotate: int) -> None:
    found = told(saved(_pdf(TEXT, *HIDDEN.values(), TEXT, Rotate=rotate)))
    pages = found.pop(FindingKind.INVISIBLE_TEXT)
    assert [way for page, way in enumerate(HIDDEN, 2) if page not in pages] == []
    assert len(pages) == len(HIDDEN)
    assert found == {}


HONEST = {
    "made bold by painting twice": SAY + b"BT /F1 9 Tf 72.3 300 Td (Leila) Tj ET ",
    "painted twice in one place": SAY + SAY,
    "with a shadow": b"0.6 g BT /F1 9 Tf 72.6 299.4 Td (Leila) Tj ET 0 g " + SAY,
    "struck through": SAY + b"BT /F1 9 Tf 72 300 Td (-----) Tj ET ",
    "typed over": SAY + b"BT /F1 9 Tf 72 300 Td (xxxxx) Tj ET ",
    "underlined by letters": SAY + b"BT /F1 9 Tf 72 300 Td (____) Tj ET ",
    "a mark across the page": TEXT
    + b" 0.8 g BT /F1 90 Tf 0.7 0.7 -0.7 0.7 60 560 Tm (Draft) Tj ET 0 g ",
    "lines set solid": ABOVE + b"BT /F1 9 Tf 68 296 Td (Hello there) Tj ET ",
    "letters set apart": b"".join(
        b"BT /F1 9 Tf %d 300 Td (%c) Tj ET " % (72 + 4 * at, letter)
        for at, letter in enumerate(b"Leila")
    ),
    "paper painted first": PAPER + b"0 g " + SAY + OVER,
}


@pytest.mark.parametrize("rotate", [0, 90])
def test_letters_that_are_seen_over_one_another_raise_nothing(rotate: int) -> None:
    assert told(saved(_pdf(*HONEST.values(), Rotate=rotate))) == {}


def test_a_pile_that_nobody_could_take_apart_is_told_as_not_looked_through() -> None:
    pile = b"".join(b"BT /F1 9 Tf 72 300 Td (%b) Tj ET " % (b"%03d" % at) for at in range(900))
    assert told(saved(_pdf(TEXT, pile))) == {FindingKind.NOT_LOOKED_THROUGH: (2,)}
