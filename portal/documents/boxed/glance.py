"""A first look at a page, drawn once and small: which of its letters are seen beyond doubt.

What is proven: the letter stands at the top of the page's own instructions, and nothing but letters
is painted anywhere near its line, so that plain white paper is behind it and nothing but a letter
can lie over it; its colour is not the paper's; and the picture shows more than one shade in its
place, so neither nothing nor a block of ink. Of any other letter nothing is said. Boxes, colours
and picture are all told by the program that draws, so both looks read the same page however its
instructions are written.
"""

from __future__ import annotations

import ctypes
import math
from typing import Any, Final

import pypdfium2 as pdfium
import pypdfium2.raw as raw
from PIL import Image, ImageDraw

from portal.documents.boxed.glyphs import Glyph, Paint
from portal.documents.boxed.pagetree import Box
from portal.documents.boxed.sight import LONGEST, Way, alike

_SCALE: Final = 1.0
_WHITE: Final = (255, 255, 255)
_CONTRAST: Final = 40  # of 255 in grey: twice what the second look asks for
_THIN: Final = 2  # pixels: a stroke fills its own box, so what is beside it is looked at too
_MARGIN: Final = 1.0  # units of the page: lines are drawn a little wider than they are
_OVERHANG: Final = 0.25  # of a line's height, by which its letters may stand out of it
_MOST_THINGS: Final = 20_000


class Glance:
    """One page as drawn once in grey, and which lines of it have only paper around them.

    `patterned`: it may paint with patterns. The program that draws calls their colour white,
    whatever they show, so nothing on such a page is taken for paper.
    """

    def __init__(self, page: pdfium.PdfPage, *, patterned: bool = False) -> None:
        scale = min(_SCALE, LONGEST / max(page.get_size()))
        picture = page.render(scale=scale, grayscale=True, may_draw_forms=False).to_pil()
        self._grey = picture.tobytes()
        self._wide, self._tall = picture.size
        self._way = Way(page, picture.size)
        self._taken, self._lines = _around(page, self._way, picture.size, patterned=patterned)
        self._likely: dict[int, bool] = {}

    def proves(self, glyph: Glyph) -> bool:
        """Whether this letter is seen beyond doubt."""
        if not self._may_be(glyph.paint) or not self._on_paper(glyph):
            return False
        first, top, last, bottom = self._way.place(glyph.box)
        if min(last - first, bottom - top) <= _THIN and glyph.is_empty:
            return False
        if last - first <= _THIN:
            first, last = max(0, first - 1), min(self._wide, last + 1)
        if bottom - top <= _THIN:
            top, bottom = max(0, top - 1), min(self._tall, bottom + 1)
        start = (top + bottom) // 2 * self._wide
        row = self._grey[start + first : start + last]
        if max(row) - min(row) >= _CONTRAST:
            return True
        return self._differs(first, top, last, bottom)

    def _differs(self, first: int, top: int, last: int, bottom: int) -> bool:
        """Whether the place of a letter shows more than one shade."""
        starts = range(top * self._wide, bottom * self._wide, self._wide)
        rows = [self._grey[start + first : start + last] for start in starts]
        return bool(max(map(max, rows)) - min(map(min, rows)) >= _CONTRAST)

    def _may_be(self, paint: Paint) -> bool:
        if paint.thing not in self._likely:
            unlike = not paint.nothing and not alike(paint.colour, _WHITE)
            self._likely[paint.thing] = unlike and paint.thing in self._lines
        return self._likely[paint.thing]

    def _on_paper(self, glyph: Glyph) -> bool:
        """Whether nothing but letters is near; most lines as a whole have nothing near them."""
        line, box = self._lines[glyph.paint.thing], glyph.box
        inside = line and line[0] <= box[0] and line[1] <= box[1]
        if line and inside and box[2] <= line[2] and box[3] <= line[3]:
            return True
        return _is_free(self._taken, self._way, _wider(box, _MARGIN))


def _around(
    page: pdfium.PdfPage, way: Way, size: tuple[int, int], *, patterned: bool
) -> tuple[Image.Image, dict[int, Box | None]]:
    """Where anything but letters may be painted, in white; and by the address of each line at the
    top of the page's instructions, a box about it in which nothing else is, or None. There is no
    line if anything on the page is unclear."""
    taken = Image.new("L", size)
    pen, lines = ImageDraw.Draw(taken), dict[int, Box]()
    count = raw.FPDFPage_CountObjects(page)
    if count > _MOST_THINGS or not _links_alone(page):
        return taken, {}
    for number in range(count):
        thing = raw.FPDFPage_GetObject(page, number)
        box = _bounds(thing)
        if box is None:
            return taken, {}
        if raw.FPDFPageObj_GetType(thing) == raw.FPDF_PAGEOBJ_TEXT:
            about = _OVERHANG * min(box[2] - box[0], box[3] - box[1])
            lines[ctypes.addressof(thing.contents)] = _wider(box, _MARGIN + about)
        elif lines or patterned or not _is_paper(thing):
            left, top, right, bottom = way.place(_wider(box, _MARGIN + _stroke(thing)))
            pen.rectangle((left, top, right - 1, bottom - 1), fill=255)
    return taken, {
        thing: box if _is_free(taken, way, box) else None for thing, box in lines.items()
    }


def _is_free(taken: Image.Image, way: Way, box: Box) -> bool:
    return taken.crop(way.place(box)).getbbox() is None


def _links_alone(page: pdfium.PdfPage) -> bool:
    """Whether nothing is laid over the page: the places one may press on paint nothing."""
    for number in range(raw.FPDFPage_GetAnnotCount(page)):
        remark = raw.FPDFPage_GetAnnot(page, number)
        link = raw.FPDFAnnot_GetSubtype(remark) == raw.FPDF_ANNOT_LINK
        bare = not raw.FPDFAnnot_HasKey(remark, b"AP")
        raw.FPDFPage_CloseAnnot(remark)
        if not (link and bare):
            return False
    return True


def _is_paper(thing: Any) -> bool:
    """Whether this paints plain white, as many programs do with a page before they begin."""
    if raw.FPDFPageObj_GetType(thing) != raw.FPDF_PAGEOBJ_PATH:
        return False
    mode, stroked = ctypes.c_int(), ctypes.c_int()
    if not raw.FPDFPath_GetDrawMode(thing, mode, stroked) or stroked.value:
        return False
    parts = [ctypes.c_uint() for _ in range(4)]
    white = raw.FPDFPageObj_GetFillColor(thing, *parts) and all(p.value == 255 for p in parts)
    return bool(white) and not raw.FPDFPageObj_HasTransparency(thing)


def _stroke(thing: Any) -> float:
    """How far a line of this may reach beyond where it is said to be: a pen is never that wide."""
    wide, matrix = ctypes.c_float(), raw.FS_MATRIX()
    if raw.FPDFPageObj_GetType(thing) != raw.FPDF_PAGEOBJ_PATH:
        return 0.0
    if not raw.FPDFPageObj_GetStrokeWidth(thing, wide):
        return 0.0
    raw.FPDFPageObj_GetMatrix(thing, matrix)
    reach = wide.value * max(map(abs, (matrix.a, matrix.b, matrix.c, matrix.d)))
    return min(reach, 10_000.0) if math.isfinite(reach) else 10_000.0


def _bounds(thing: Any) -> Box | None:
    sides = [ctypes.c_float() for _ in range(4)]
    if not raw.FPDFPageObj_GetBounds(thing, *sides):
        return None
    left, low, right, high = (side.value for side in sides)
    known = all(map(math.isfinite, (left, low, right, high)))
    return (left, low, right, high) if known else None


def _wider(box: Box, by: float) -> Box:
    return box[0] - by, box[1] - by, box[2] + by, box[3] + by
