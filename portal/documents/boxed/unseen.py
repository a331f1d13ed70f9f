"""Finds words that are in a page and that nobody sees on it (ISO 32000-1, 9.3.6 and 14.11.2).

Each page is drawn as it is, and once more without any of its letters. A letter where the two
pictures are alike paints nothing: it has the colour of what lies behind, something covers it, it is
see-through, cut away, or too fine. Letters that a scanner's program laid over a picture of the same
words are no secret; they are told apart by what the picture shows there.
"""

from __future__ import annotations

import io
import time
from collections.abc import Mapping, Sequence
from typing import Any, Final

import pypdfium2 as pdfium
from pikepdf import Pdf
from PIL import Image, ImageChops

from portal.documents.boxed import pagetree
from portal.documents.boxed.glyphs import Glyph, glyphs_of, pictures_of, silence
from portal.documents.boxed.pagetree import Box
from portal.documents.boxed.unlayer import without_hidden

_KINDS: Final = ("off_page_text", "invisible_text", "tiny_text", "cropped_pictures", "scanned_text")
_SCALE: Final = 1.4
_LONGEST: Final = 3000  # pixels of the longer side
_ALIKE: Final = 20  # of 255 in any colour: what differs by less, nobody reads
_TINY: Final = 1.0  # points, as shown
_A_WORD: Final = 3  # letters in a row; one alone may be a slip of a pen or of a program
_A_WORD_OF_A_SCAN: Final = 6  # the places of recognised letters are a guess
_CUT_OFF: Final = 0.2  # of a picture; less is the margin of a scan
_SECONDS: Final = 20.0
_MOST_LETTERS: Final = 100_000  # of one page


def task(asked: Mapping[str, Any], blobs: Sequence[bytes]) -> tuple[dict[str, object], list[bytes]]:
    """Kind of finding -> pages of the rebuilt file `blobs[0]`, counted from 1.

    "not_looked_through" are pages that are too full, or were not reached in `asked["seconds"]`.
    What hidden layers say is passed over: that there are such layers is told already.
    """
    until = time.process_time() + float(asked.get("seconds", _SECONDS))
    found: dict[str, list[int]] = {kind: [] for kind in (*_KINDS, "not_looked_through")}
    units = _units(blobs[0])
    pdf = pdfium.PdfDocument(without_hidden(blobs[0]))
    for index in range(len(pdf)):
        if time.process_time() >= until:
            found["not_looked_through"].append(index + 1)
            continue
        page = pdf[index]
        try:
            kinds = _look(page, units[index])
        except pdfium.PdfiumError:
            kinds = {"not_looked_through"}
        finally:
            page.close()
        for kind in kinds:
            found[kind].append(index + 1)
    return {"pages": len(pdf), "unseen": found}, []


def _units(clear: bytes) -> list[float]:
    with Pdf.open(io.BytesIO(clear)) as pdf:
        return [pagetree.unit(page.obj) for page in pdf.pages]


def _look(page: pdfium.PdfPage, unit: float) -> set[str]:
    crop = page.get_cropbox()
    shown = pictures_of(page)
    found = {"cropped_pictures"} if any(_is_cut(box, crop) for box in shown) else set[str]()
    glyphs, more = glyphs_of(page, _MOST_LETTERS)
    letters = [glyph for glyph in glyphs if not _outside(glyph.box, crop)]
    if sum(_counts(glyph) for glyph in glyphs if _outside(glyph.box, crop)) >= _A_WORD:
        found.add("off_page_text")
    large = [glyph for glyph in letters if glyph.paint.size * unit >= _TINY]
    if len(letters) - len(large) >= _A_WORD:
        found.add("tiny_text")
    if large:
        found |= _unseen(page, large, shown)
    if more:
        found.add("not_looked_through")
    return found


def _unseen(page: pdfium.PdfPage, letters: list[Glyph], shown: list[Box]) -> set[str]:
    scale = min(_SCALE, _LONGEST / max(page.get_size()))
    sight = _Sight(page, scale, shown)
    scanned, runs, run = 0, [0], 0
    for glyph in letters:
        if not sight.hides(glyph):
            run = 0
        elif sight.is_scanned(glyph):
            scanned, run = scanned + 1, 0
        else:
            run += _counts(glyph)
            runs.append(run)
    found = {"scanned_text"} if scanned >= _A_WORD else set[str]()
    if max(runs) >= (_A_WORD_OF_A_SCAN if found else _A_WORD):
        found.add("invisible_text")
    return found


class _Sight:
    """One page with its letters and without: where the two differ, and what is beneath."""

    def __init__(self, page: pdfium.PdfPage, scale: float, shown: list[Box]) -> None:
        whole = _drawn(page, scale)
        silence(page)
        self._bare = _drawn(page, scale)
        red, green, blue = ImageChops.difference(whole, self._bare).split()
        most = ImageChops.lighter(ImageChops.lighter(red, green), blue)
        self._ink = most.point([0] * _ALIKE + [255] * (256 - _ALIKE))
        self._shown = shown
        self._way = _way(page, self._bare.size)

    def hides(self, glyph: Glyph) -> bool:
        """Whether nothing of this letter is to be seen."""
        if glyph.paint.nothing:
            return True
        left, top, right, bottom = self._place(glyph)
        near = (left - 1, top - 1, right + 1, bottom + 1)
        if self._ink.crop(near).getbbox() is None:
            return True
        # Other letters over it show a difference too: its own colour tells.
        beneath = self._even(glyph)
        return beneath is not None and all(
            abs(own - other) < _ALIKE
            for own, other in zip(glyph.paint.colour, beneath, strict=True)
        )

    def is_scanned(self, glyph: Glyph) -> bool:
        """Whether a picture shows something where this letter stands."""
        x, y = glyph.middle
        over = any(
            left <= x <= right and low <= y <= high for left, low, right, high in self._shown
        )
        return over and self._even(glyph) is None

    def _even(self, glyph: Glyph) -> tuple[int, ...] | None:
        """The one colour that lies behind a letter; None where there is more than one."""
        ranges: Any = self._bare.crop(self._place(glyph)).getextrema()
        if any(high - low >= _ALIKE for low, high in ranges):
            return None
        return tuple((low + high) // 2 for low, high in ranges)

    def _place(self, glyph: Glyph) -> tuple[int, int, int, int]:
        left, low, right, high = glyph.box
        a, b, c, d, e, f = self._way
        xs = (a * left + c * low + e, a * right + c * high + e)
        ys = (b * left + d * low + f, b * right + d * high + f)
        wide, tall = self._bare.size
        x, y = min(wide - 1, max(0, int(min(xs)))), min(tall - 1, max(0, int(min(ys))))
        return x, y, min(wide, max(x + 1, round(max(xs)))), min(tall, max(y + 1, round(max(ys))))


def _drawn(page: pdfium.PdfPage, scale: float) -> Image.Image:
    picture: Image.Image = page.render(scale=scale, may_draw_forms=False).to_pil()
    return picture if picture.mode == "RGB" else picture.convert("RGB")


def _way(page: pdfium.PdfPage, size: tuple[int, int]) -> tuple[float, ...]:
    """From coordinates of the page to pixels: x' = ax + cy + e, y' = bx + dy + f."""
    left, low, right, high = page.get_cropbox()
    wide, tall = size
    a, b = wide / (right - left), tall / (high - low)
    match page.get_rotation():
        case 90:
            a, b = wide / (high - low), tall / (right - left)
            return 0, b, a, 0, -a * low, -b * left
        case 180:
            return -a, 0, 0, b, a * right, -b * low
        case 270:
            a, b = wide / (high - low), tall / (right - left)
            return 0, -b, -a, 0, a * high, b * right
        case _:
            return a, 0, 0, -b, -a * left, b * high


def _counts(glyph: Glyph) -> int:
    return int(glyph.letter.isalnum())


def _outside(box: Box, crop: Box) -> bool:
    return box[2] < crop[0] or box[0] > crop[2] or box[3] < crop[1] or box[1] > crop[3]


def _is_cut(box: Box, crop: Box) -> bool:
    area = (box[2] - box[0]) * (box[3] - box[1])
    wide = min(box[2], crop[2]) - max(box[0], crop[0])
    high = min(box[3], crop[3]) - max(box[1], crop[1])
    return area > 0 and max(0.0, wide) * max(0.0, high) < area * (1 - _CUT_OFF)
