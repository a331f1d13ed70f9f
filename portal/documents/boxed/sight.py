"""A page as it is seen: where its picture shows something, with its letters and without."""

from __future__ import annotations

from typing import Any, Final

import pypdfium2 as pdfium
from PIL import Image, ImageChops

from portal.documents.boxed.glyphs import Glyph, silence
from portal.documents.boxed.pagetree import Box

ALIKE: Final = 20  # of 255 in any colour: what differs by less, nobody reads
LONGEST: Final = 3000  # pixels of the longer side
_SCALE: Final = 1.4
Pixels = tuple[int, int, int, int]  # left, top, right, bottom; at least one pixel


def alike(colour: tuple[int, ...], other: tuple[int, ...]) -> bool:
    """Whether nobody tells these two colours apart."""
    return all(abs(own - its) < ALIKE for own, its in zip(colour, other, strict=True))


class Way:
    """From coordinates of a page to pixels of a picture of it."""

    def __init__(self, page: pdfium.PdfPage, size: tuple[int, int]) -> None:
        left, low, right, high = page.get_cropbox()
        self._size = wide, tall = size
        turned = page.get_rotation()
        self._lies = turned in {90, 270}
        if self._lies:
            a, b = wide / (high - low), tall / (right - left)
            self._across = (a, -a * low) if turned == 90 else (-a, a * high)
            self._down = (b, -b * left) if turned == 90 else (-b, b * right)
        else:
            a, b = wide / (right - left), tall / (high - low)
            self._across = (-a, a * right) if turned == 180 else (a, -a * left)
            self._down = (b, -b * low) if turned == 180 else (-b, b * high)

    def place(self, box: Box) -> Pixels:
        """Where a box lies in the picture, or on its edge."""
        left, low, right, high = box
        if self._lies:
            left, low, right, high = low, left, high, right
        wide, tall = self._size
        x, far = _span(*self._across, left, right, wide)
        y, deep = _span(*self._down, low, high, tall)
        return x, y, far, deep


def _span(by: float, shift: float, one: float, other: float, most: int) -> tuple[int, int]:
    start, end = by * one + shift, by * other + shift
    if start > end:
        start, end = end, start
    first = int(start) if start > 0 else 0
    if first >= most:
        first = most - 1
    last = round(end) if end < most else most
    return first, last if last > first else first + 1


class Sight:
    """One page with its letters and without: where the two differ, and what is beneath."""

    def __init__(self, page: pdfium.PdfPage, shown: list[Box]) -> None:
        """`shown`: where pictures lie. The page paints no letter any more afterwards."""
        scale = min(_SCALE, LONGEST / max(page.get_size()))
        self._whole = drawn(page, scale)
        silence(page)
        self._bare = drawn(page, scale)
        self._ink = ink(self._whole, self._bare)
        self._shown = shown
        self._way = Way(page, self._bare.size)

    def hides(self, glyph: Glyph) -> bool:
        """Whether nothing of this letter is to be seen."""
        if glyph.paint.nothing or glyph.is_empty:
            return True
        place = self._way.place(glyph.box)
        left, top, right, bottom = place
        near = (left - 1, top - 1, right + 1, bottom + 1)
        if self._ink.crop(near).getbbox() is None or _even(self._whole, self._inside(near)):
            return True
        # Other letters over it show a difference too: its own colour tells.
        beneath = _even(self._bare, place)
        return beneath is not None and alike(glyph.paint.colour, beneath)

    def is_scanned(self, glyph: Glyph) -> bool:
        """Whether a picture shows something where this letter stands."""
        x, y = glyph.middle
        over = any(
            left <= x <= right and low <= y <= high for left, low, right, high in self._shown
        )
        return over and _even(self._bare, self._way.place(glyph.box)) is None

    def _inside(self, near: Pixels) -> Pixels:
        wide, tall = self._bare.size
        return max(0, near[0]), max(0, near[1]), min(wide, near[2]), min(tall, near[3])


def _even(picture: Image.Image, place: Pixels) -> tuple[int, ...] | None:
    """The one colour that a picture has there; None where there is more than one."""
    ranges: Any = picture.crop(place).getextrema()
    if any(high - low >= ALIKE for low, high in ranges):
        return None
    return tuple((low + high) // 2 for low, high in ranges)


def ink(one: Image.Image, other: Image.Image) -> Image.Image:
    """Where two pictures of a page differ so that somebody sees it, in white."""
    red, green, blue = ImageChops.difference(one, other).split()
    most = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    return most.point([0] * ALIKE + [255] * (256 - ALIKE))


def drawn(page: pdfium.PdfPage, scale: float) -> Image.Image:
    """A page in colours, at so many pixels for one of its units."""
    picture: Image.Image = page.render(scale=scale, may_draw_forms=False).to_pil()
    return picture if picture.mode == "RGB" else picture.convert("RGB")
