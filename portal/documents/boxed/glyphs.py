"""The letters of a page with where and how they are painted, and its pictures."""

from __future__ import annotations

import contextlib
import ctypes
import math
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from portal.documents.boxed.pagetree import Box

_UNPAINTED: Final = frozenset({3, 7})  # text rendering modes (ISO 32000-1, 9.3.6)
_BARELY: Final = 20  # of 255: how opaque a letter is that nobody sees
_HAIR: Final = 0.002  # of a letter's size: the thinnest stroke of any font is many times that
_DEEPEST: Final = 10
_MOST_THINGS: Final = 200_000
Matrix = tuple[float, float, float, float, float, float]
_SAME: Final[Matrix] = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


@dataclass(frozen=True)
class Paint:
    """How letters are painted: by which of the page's things (its address), their height in units
    of the page, their colour, if at all."""

    thing: int
    size: float
    colour: tuple[int, ...]
    nothing: bool


class Glyph(NamedTuple):
    """A letter that is no space, its box in units of the page, and how it is painted."""

    letter: str
    box: Box
    paint: Paint

    @property
    def middle(self) -> tuple[float, float]:
        """Where its middle lies."""
        return (self.box[0] + self.box[2]) / 2, (self.box[1] + self.box[3]) / 2

    @property
    def is_empty(self) -> bool:
        """Whether its drawing has no height or no width, so that it paints nothing."""
        left, low, right, high = self.box
        return min(right - left, high - low) < _HAIR * self.paint.size


def glyphs_of(page: pdfium.PdfPage, most: int) -> tuple[list[Glyph], bool]:
    """The letters of a page in its own order, and whether there were more than `most`."""
    text = page.get_textpage()
    try:
        count = text.count_chars()
        return list(_read(text, min(count, most))), count > most
    finally:
        text.close()


def _read(text: pdfium.PdfTextPage, count: int) -> Iterator[Glyph]:
    paints: dict[int, Paint] = {}
    left, right, low, high = (ctypes.c_double() for _ in range(4))
    page = text.raw  # looked up once: there are thousands of letters
    code_of, box_of, thing_of = (
        raw.FPDFText_GetUnicode,
        raw.FPDFText_GetCharBox,
        raw.FPDFText_GetTextObject,
    )
    for number in range(count):
        code = code_of(page, number)
        if code <= 0x20 or code == 0xA0 or code > 0x10FFFF:
            continue
        if not box_of(page, number, left, right, low, high):
            continue
        thing = thing_of(page, number)
        if not thing:
            continue
        key = ctypes.addressof(thing.contents)
        paint = paints.get(key)
        if paint is None:
            paint = paints[key] = _paint(text, number, thing, key)
        box = (left.value, low.value, right.value, high.value)
        # One that is no number makes the sum none.
        if math.isfinite(sum(box)):
            yield Glyph(chr(code), box, paint)


def _paint(text: pdfium.PdfTextPage, number: int, thing: Any, key: int) -> Paint:
    parts = [ctypes.c_uint() for _ in range(4)]
    known = raw.FPDFText_GetFillColor(text, number, *parts)
    *colour, opaque = (part.value for part in parts) if known else (0, 0, 0, 255)
    matrix = raw.FS_MATRIX()
    raw.FPDFText_GetMatrix(text, number, matrix)
    stretch = math.sqrt(abs(matrix.a * matrix.d - matrix.b * matrix.c))
    mode = raw.FPDFTextObj_GetTextRenderMode(thing)
    outlined = mode in {1, 2, 5, 6}
    return Paint(
        key,
        abs(raw.FPDFText_GetFontSize(text, number)) * stretch,
        tuple(colour) if not outlined else (-256, -256, -256),
        mode in _UNPAINTED or (opaque < _BARELY and not outlined),
    )


def pictures_of(page: pdfium.PdfPage) -> list[Box]:
    """Where pictures lie on a page, also those within drawings."""
    return [
        _bounds(matrix)
        for thing, matrix in _things(page)
        if raw.FPDFPageObj_GetType(thing) == raw.FPDF_PAGEOBJ_IMAGE
    ]


def silence(page: pdfium.PdfPage) -> None:
    """Let this page, as it is held in memory, paint no letter any more."""
    for thing, _ in _things(page):
        if raw.FPDFPageObj_GetType(thing) == raw.FPDF_PAGEOBJ_TEXT:
            raw.FPDFTextObj_SetTextRenderMode(thing, 3)


@contextlib.contextmanager
def silenced(page: pdfium.PdfPage, things: Collection[int]) -> Iterator[None]:
    """As long as this lasts, the texts at these addresses are not painted."""
    modes = [
        (thing, raw.FPDFTextObj_GetTextRenderMode(thing))
        for thing, _ in _things(page)
        if ctypes.addressof(thing.contents) in things
    ]
    for thing, _ in modes:
        raw.FPDFTextObj_SetTextRenderMode(thing, 3)
    yield
    for thing, mode in modes:
        raw.FPDFTextObj_SetTextRenderMode(thing, mode)


def _things(page: pdfium.PdfPage) -> Iterator[tuple[Any, Matrix]]:
    """What a page paints, with the way from each thing's coordinates to those of the page."""
    waiting: list[tuple[Any, Matrix, int]] = [
        (raw.FPDFPage_GetObject(page, number), _SAME, 0)
        for number in range(min(raw.FPDFPage_CountObjects(page), _MOST_THINGS))
    ]
    left = _MOST_THINGS
    while waiting and left:
        thing, above, depth = waiting.pop()
        left -= 1
        given = raw.FS_MATRIX()
        raw.FPDFPageObj_GetMatrix(thing, given)
        matrix = _times((given.a, given.b, given.c, given.d, given.e, given.f), above)
        yield thing, matrix
        if raw.FPDFPageObj_GetType(thing) == raw.FPDF_PAGEOBJ_FORM and depth < _DEEPEST:
            count = min(raw.FPDFFormObj_CountObjects(thing), left)
            waiting += [
                (raw.FPDFFormObj_GetObject(thing, number), matrix, depth + 1)
                for number in range(count)
            ]


def _bounds(matrix: Matrix) -> Box:
    """A picture fills the unit square of its own coordinates (ISO 32000-1, 8.9.4)."""
    a, b, c, d, e, f = matrix
    xs, ys = (e, e + a, e + c, e + a + c), (f, f + b, f + d, f + b + d)
    return min(xs), min(ys), max(xs), max(ys)


def _times(m: Matrix, n: Matrix) -> Matrix:
    return (
        m[0] * n[0] + m[1] * n[2],
        m[0] * n[1] + m[1] * n[3],
        m[2] * n[0] + m[3] * n[2],
        m[2] * n[1] + m[3] * n[3],
        m[4] * n[0] + m[5] * n[2] + n[4],
        m[4] * n[1] + m[5] * n[3] + n[5],
    )
