"""Letters that lie over one another, and which of them nobody sees for it.

A letter that paints nothing, is cut away, or lies beneath others leaves no trace of its own, while
its place shows the letters of another. So where letters of two things share a place, each thing is
silenced in turn: what the page shows without it, as it did with it, was never seen. Most pages have
no such place, and are drawn no more often for it.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import pypdfium2 as pdfium
from PIL import Image

from portal.documents.boxed.glyphs import Glyph, silenced
from portal.documents.boxed.pagetree import Box
from portal.documents.boxed.sight import LONGEST, Way, drawn, ink

_SCALE: Final = 1.4
_CELL: Final = 16.0  # units of the page
_TOUCH: Final = 0.5  # units by which neighbours may lie over one another
_SHARE: Final = 0.1  # of the smaller letter: more is no neighbour
_SAME: Final = 0.25  # of its size: as far apart, a letter painted twice is one that is made bold
_BESIDE: Final = 3  # letters of a row
_MOST_CELLS: Final = 80_000
_MOST_LAYERS: Final = 8
_ALONE: Final = -1
_EDGE: Final = 10  # pixels: what is narrower is looked at whole


class TooHighError(Exception):
    """More lies over one another than anybody draws one by one."""


def unseen_in(page: pdfium.PdfPage, letters: Sequence[Glyph]) -> set[int]:
    """Which of the letters (by their place in the row) share their place with others, and are not
    to be seen. Raises TooHighError."""
    piled = _Piled(letters)
    if not piled.suspects:
        return set()
    # One that lies in a gap between the others is found by those beside it.
    near = {
        each
        for at in piled.suspects
        for each in range(max(0, at - _BESIDE), min(len(letters), at + _BESIDE + 1))
    }
    suspects = {letters[each].paint.thing for each in near}
    layers = _layers(suspects, piled.beside)
    scale = min(_SCALE, LONGEST / max(page.get_size()))
    whole = drawn(page, scale)
    way = Way(page, whole.size)
    found: set[int] = set()
    for layer in sorted(set(layers.values())):
        things = {thing for thing, its in layers.items() if its == layer}
        with silenced(page, things):
            trace = ink(whole, drawn(page, scale))
        found |= {
            at
            for at, glyph in enumerate(letters)
            if glyph.paint.thing in things and not _shows(trace, way, glyph.box)
        }
    return found


def _shows(trace: Image.Image, way: Way, box: Box) -> bool:
    left, top, right, bottom = way.place(box)
    if right - left >= _EDGE and bottom - top >= _EDGE:
        # The edge of a pixel is shared with the letter beside.
        left, top, right, bottom = left + 1, top + 1, right - 1, bottom - 1
    return trace.crop((left, top, right, bottom)).getbbox() is not None


def _layers(things: set[int], beside: Mapping[int, set[int]]) -> dict[int, int]:
    """A number for each thing, so that no two that share a place have the same; one
    for all those that touch no other."""
    found: dict[int, int] = {thing: _ALONE for thing in things if thing not in beside}
    for thing in sorted(things & beside.keys(), key=lambda each: -len(beside[each])):
        taken = {found[other] for other in beside[thing] if other in found}
        found[thing] = next(number for number in itertools.count() if number not in taken)
        if found[thing] == _MOST_LAYERS:
            raise TooHighError
    return found


class _Piled:
    """Which letters share a place with those of another thing, and which things touch at all. One
    that is painted twice in one place is seen if either is."""

    def __init__(self, letters: Sequence[Glyph]) -> None:
        self.suspects: set[int] = set()
        self.beside: dict[int, set[int]] = {}
        near = list(_in_lines_that_meet(letters))
        for one, other in _meeting([(letters[at].box, letters[at].paint.thing) for at in near]):
            a, b = letters[near[one]], letters[near[other]]
            self.beside.setdefault(a.paint.thing, set()).add(b.paint.thing)
            self.beside.setdefault(b.paint.thing, set()).add(a.paint.thing)
            if _shared(a.box, b.box) >= _SHARE and not _is_twice(a, b):
                self.suspects |= {near[one], near[other]}


def _in_lines_that_meet(letters: Sequence[Glyph]) -> list[int]:
    lines: list[tuple[Box, int]] = []
    spans: list[range] = []
    at = 0
    for thing, run in itertools.groupby(letters, key=_paint_of):
        boxes = [glyph.box for glyph in run]
        left, low, right, high = zip(*boxes, strict=True)
        lines.append(((min(left), min(low), max(right), max(high)), thing))
        spans.append(range(at, at + len(boxes)))
        at += len(boxes)
    return sorted({at for pair in _meeting(lines) for line in pair for at in spans[line]})


def _paint_of(glyph: Glyph) -> int:
    return glyph.paint.thing


def _meeting(boxes: Sequence[tuple[Box, int]]) -> Iterator[tuple[int, int]]:
    """Pairs of boxes of two things that lie over one another, each once. Raises TooHighError."""
    cells: dict[tuple[int, int], list[int]] = {}
    filled = 0
    for number, (box, thing) in enumerate(boxes):
        left, low, right, high = box
        known: set[int] = set()
        for cell in itertools.product(
            range(int(left // _CELL), int(right // _CELL) + 1),
            range(int(low // _CELL), int(high // _CELL) + 1),
        ):
            filled += 1
            if filled > _MOST_CELLS:
                raise TooHighError
            here = cells.setdefault(cell, [])
            for other in here:
                its, its_thing = boxes[other]
                if (
                    its_thing != thing
                    and other not in known
                    and min(right, its[2]) - max(left, its[0]) > _TOUCH
                    and min(high, its[3]) - max(low, its[1]) > _TOUCH
                ):
                    known.add(other)
                    yield other, number
            here.append(number)


def _shared(a: Box, b: Box) -> float:
    """How much of the smaller box lies in the other."""
    wide = min(a[2], b[2]) - max(a[0], b[0])
    high = min(a[3], b[3]) - max(a[1], b[1])
    area = min((box[2] - box[0]) * (box[3] - box[1]) for box in (a, b))
    return max(0.0, wide) * max(0.0, high) / area if area > 0 else 1.0


def _is_twice(a: Glyph, b: Glyph) -> bool:
    if a.letter != b.letter:
        return False
    far = _SAME * max(a.paint.size, b.paint.size)
    (x, y), (its_x, its_y) = a.middle, b.middle
    return abs(x - its_x) <= far and abs(y - its_y) <= far
