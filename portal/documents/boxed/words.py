"""The words of one page as it is shown: what they are, where they stand, what belongs together.

Only what lies between the two strips counts: text beside the page, or beneath a strip, is not on
the picture either, and what the strips say is said by every page that shows the text.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from portal.documents.boxed.frame import STRIP
from portal.documents.boxed.verdict import RefusedError

MOST: Final = 100_000  # characters of one page that are read at all
RECOGNISED: Final = "/MappaRecognised"  # on a page; only ours have it: foreign keys are cut off
LINE_END_HYPHEN: Final = "\u00ad"
_FINE: Final = 1_000_000
_OBJECT_REPLACEMENT: Final = {0xFFFE, 0x02}


@dataclass(frozen=True)
class Word:
    """One word; its box in fractions of the page as shown, from the upper left corner."""

    text: str
    x: float
    y: float
    w: float
    h: float

    def told(self) -> list[object]:
        return [self.text, *(round(part, 5) for part in (self.x, self.y, self.w, self.h))]


Line = list[Word]


def paragraphs(
    page: pdfium.PdfPage, *, framed: bool, unit: float, whole: bool = False
) -> list[list[Line]]:
    """The page's lines of words in the order of the page, those that belong together together.

    `framed`: the page has its strips. One that has none is told as if it had, for its picture
    will. `unit`: points for one unit of its coordinates. `whole`: a page with more than MOST
    characters is refused, where its words would else be told up to there.
    """
    if whole and page.get_textpage().count_chars() > MOST:
        raise RefusedError("too_heavy")
    found: list[list[Line]] = []
    for line in _lines(page, _Place(page, framed, unit)):
        if found and _goes_on(found[-1][-1], line):
            found[-1].append(line)
        else:
            found.append([line])
    return found


class _Place:
    """From page coordinates to fractions of the page as its picture shows it."""

    def __init__(self, page: pdfium.PdfPage, framed: bool, unit: float) -> None:
        self._page = page
        high = page.get_height() * unit
        strip = STRIP / (high if framed else high + 2 * STRIP)
        self._first, self._last = strip, 1 - strip
        self._stretch = 1.0 if framed else 1 - 2 * strip
        self._shift = 0.0 if framed else strip

    def box(self, left: float, bottom: float, right: float, top: float) -> tuple[float, ...] | None:
        """x, y, w, h; None for what is not between the strips."""
        (xa, ya), (xb, yb) = self._shown(left, bottom), self._shown(right, top)
        x, w = min(xa, xb), abs(xa - xb)
        y, h = min(ya, yb), abs(ya - yb)
        across, down = x + w / 2, y + h / 2
        if not (0 <= across <= 1 and self._first <= down <= self._last):
            return None
        return x, y, w, h

    def _shown(self, x: float, y: float) -> tuple[float, float]:
        across, down = ctypes.c_int(), ctypes.c_int()
        raw.FPDF_PageToDevice(self._page, 0, 0, _FINE, _FINE, 0, x, y, across, down)
        return across.value / _FINE, down.value / _FINE * self._stretch + self._shift


def _lines(page: pdfium.PdfPage, place: _Place) -> Iterator[Line]:
    text = page.get_textpage()
    line: Line = []
    word: list[str] = []
    edges: list[tuple[float, float, float, float]] = []

    def end_word() -> None:
        if edges:
            sides = list(zip(*edges, strict=True))
            box = place.box(min(sides[0]), min(sides[1]), max(sides[2]), max(sides[3]))
            letters = _joined(word)
            if box is not None and letters:
                line.append(Word(letters, *box))
        word.clear()
        edges.clear()

    for number in range(min(text.count_chars(), MOST)):
        code = raw.FPDFText_GetUnicode(text, number)
        if code in (0x0A, 0x0D) or (code <= 0x20 and code not in _OBJECT_REPLACEMENT):
            end_word()
            if code in (0x0A, 0x0D) and line:
                yield line
                line = []
            continue
        if code in (0xA0, 0x2002, 0x2003, 0x2007, 0x2009, 0x200A, 0x202F, 0x3000):
            end_word()
            continue
        word.append(LINE_END_HYPHEN if code in _OBJECT_REPLACEMENT else chr(code))
        if edge := _edge(text, number):
            edges.append(edge)
    end_word()
    if line:
        yield line


def _edge(text: pdfium.PdfTextPage, number: int) -> tuple[float, float, float, float] | None:
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    if not raw.FPDFText_GetCharBox(text, number, left, right, bottom, top):
        return None
    return left.value, bottom.value, right.value, top.value


def _joined(letters: list[str]) -> str:
    """The letters as one text: halves of a pair are put together, lone ones and marks replaced."""
    text = "".join(letters).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return "".join(c for c in text if c.isprintable() or c == LINE_END_HYPHEN)


def _goes_on(line: Line, after: Line) -> bool:
    """Whether the next line belongs to the same paragraph: just below, and of the same size."""
    top, bottom = min(word.y for word in line), max(word.y + word.h for word in line)
    next_top, next_bottom = min(word.y for word in after), max(word.y + word.h for word in after)
    high, next_high = bottom - top, next_bottom - next_top
    if high <= 0 or next_high <= 0 or not 0.6 < next_high / high < 1.7:
        return False
    return top < next_top and next_top - bottom < 0.8 * max(high, next_high)
