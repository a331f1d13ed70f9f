"""A page as a picture with places painted over, and the words that are left on it.

The picture is painted over before it is encoded, and nothing of the page but this picture and the
surviving words goes on: no font, no layer, no picture that was beneath.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import pypdfium2 as pdfium
import pypdfium2.raw as raw
from PIL import Image, ImageChops, ImageDraw

from portal.documents.boxed.frame import STRIP
from portal.documents.boxed.verdict import RefusedError
from portal.documents.boxed.words import Line, Word

DPI: Final = 200
_LONGEST: Final = 4000  # pixels of the longer side
_QUALITY: Final = 75
_MARGIN: Final = 0.12  # of a word's height: what a letter may reach beyond its box
_TOUCHED: Final = 0.2  # of a word's box: neighbours' boxes lie a little over one another
_PAINTED: Final = (raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_SHADING)


@dataclass(frozen=True)
class Area:
    """A place, in fractions of a page as shown without strips, from its upper left corner."""

    x: float
    y: float
    w: float
    h: float

    def shares(self, word: Word) -> float:
        """How much of a word lies in here; of a word without size, whether its place does."""
        across = min(self.x + self.w, word.x + word.w) - max(self.x, word.x)
        down = min(self.y + self.h, word.y + word.h) - max(self.y, word.y)
        if across < 0 or down < 0:
            return 0.0
        size = word.w * word.h
        return across * down / size if size > 0 else 1.0


def unframed(x: float, y: float, w: float, h: float, high: float) -> Area:
    """From fractions of a page with its strips to those of the page of `high` points alone."""
    whole = high + 2 * STRIP
    return Area(x, (y * whole - STRIP) / high, w, h * whole / high)


@dataclass(frozen=True)
class Split:
    """The words of a page: what is left, in its paragraphs, and the lines of what was covered."""

    left: list[list[Line]]
    covered: list[Line]
    areas: list[Area]


def split(paragraphs: Sequence[Sequence[Line]], areas: Sequence[Area], gone: str) -> Split:
    """Take out every word that an area touches; `gone` stands in its place, once for each run.

    The areas that come back cover all of each such word, for half a word tells the whole.
    """
    left: list[list[Line]] = []
    covered: list[Line] = []
    painted = list(areas)
    for paragraph in paragraphs:
        kept: list[Line] = []
        for line in paragraph:
            here, out = list[Word](), list[Word]()
            for word in line:
                if any(area.shares(word) > _TOUCHED for area in areas):
                    more = word.h * _MARGIN
                    painted.append(
                        Area(word.x - more / 2, word.y - more, word.w + more, word.h + 2 * more)
                    )
                    if not (here and here[-1].text == gone):
                        here.append(replace(word, text=gone))
                    out.append(word)
                else:
                    here.append(word)
            kept.append(here)
            if out:
                covered.append(out)
        left.append(kept)
    return Split(left, covered, painted)


@dataclass(frozen=True)
class Shot:
    """An encoded picture: its bytes, filter and colours as a PDF names them, and its size."""

    body: bytes
    filter: str
    colours: str
    width: int
    height: int


def shot(page: pdfium.PdfPage, areas: Sequence[Area]) -> Shot:
    """The page drawn, painted over, and only then encoded."""
    longest = max(page.get_size())
    if longest <= 0:
        raise RefusedError("page_size")
    picture = page.render(
        scale=min(DPI / 72, (_LONGEST - 1) / longest), may_draw_forms=False
    ).to_pil()
    picture = picture.convert("RGB")
    paint(picture, areas)
    if any(True for _ in page.get_objects(filter=_PAINTED, max_depth=10)):
        return _jpeg(picture)
    red, green, blue = picture.split()
    plain = not (
        ImageChops.difference(red, green).getbbox() or ImageChops.difference(green, blue).getbbox()
    )
    if not plain:
        return _jpeg(picture)
    body = zlib.compress(green.tobytes(), 6)
    return Shot(body, "/FlateDecode", "/DeviceGray", *picture.size)


def paint(picture: Image.Image, areas: Sequence[Area]) -> None:
    """Paint the areas black, each a whole number of pixels, never one less than it is."""
    wide, high = picture.size
    draw = ImageDraw.Draw(picture)
    for area in areas:
        left, top = int(area.x * wide) - 1, int(area.y * high) - 1
        right, bottom = int((area.x + area.w) * wide) + 1, int((area.y + area.h) * high) + 1
        if right >= 0 and bottom >= 0 and left <= wide and top <= high:
            draw.rectangle((left, top, right, bottom), fill=0)


def _jpeg(picture: Image.Image) -> Shot:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=_QUALITY)
    return Shot(out.getvalue(), "/DCTDecode", "/DeviceRGB", *picture.size)
