"""The boxes of a line: as few as cover its words, so that a whole page of lines can be marked."""

from __future__ import annotations

from collections.abc import Sequence

from portal.documents.render import Word

Box = tuple[float, float, float, float]
_LEVEL = 0.5  # of the higher one: words of one line share this much of their height
_GAP = 3.0  # heights: what stands farther apart may have other words between, and gets its own box


def boxes_of(line: Sequence[Word]) -> tuple[Box, ...]:
    """x, y, width, height of each; one for words that stand side by side. Every word lies wholly
    in one of them. Words of a tilted or an upright line keep a box each."""
    found: list[Box] = []
    for word in line:
        box = (word.x, word.y, word.w, word.h)
        if found and _side_by_side(found[-1], box):
            found[-1] = _around(found[-1], box)
        else:
            found.append(box)
    return tuple(found)


def _side_by_side(one: Box, other: Box) -> bool:
    high = max(one[3], other[3])
    shared = min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1])
    between = max(one[0], other[0]) - min(one[0] + one[2], other[0] + other[2])
    return high > 0 and shared >= _LEVEL * high and between <= _GAP * high


def _around(one: Box, other: Box) -> Box:
    left, top = min(one[0], other[0]), min(one[1], other[1])
    right, bottom = (max(one[at] + one[at + 2], other[at] + other[at + 2]) for at in (0, 1))
    return left, top, right - left, bottom - top
