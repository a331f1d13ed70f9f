"""Which page of one file is which page of another: the same, changed, come or gone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

ALIKE: Final = 0.25  # what part of their words two versions of one page share at least
_MOST_CELLS: Final = 2500
_PICTURES: Final = 0.5  # two pages without words, where nothing better is near


@dataclass(frozen=True)
class Leaf:
    """One page: its words; where it has none, what it looks like."""

    words: tuple[str, ...]
    looks: str = ""


Pair = tuple[int | None, int | None]
"""Places (from 0) in the one and in the other; None where it is not there."""


def pairs(was: Sequence[Leaf], now: Sequence[Leaf]) -> Iterator[Pair]:
    """Every page of both, in order."""
    for tag, a, b, c, d in SequenceMatcher(None, was, now, autojunk=False).get_opcodes():
        if tag == "equal":
            yield from zip(range(a, b), range(c, d), strict=True)
        elif (b - a) * (d - c) > _MOST_CELLS:
            yield from _in_order(a, b, c, d)
        else:
            yield from _best(was, now, (a, b), (c, d))


def _in_order(a: int, b: int, c: int, d: int) -> Iterator[Pair]:
    shared = min(b - a, d - c)
    yield from zip(range(a, a + shared), range(c, c + shared), strict=True)
    yield from ((page, None) for page in range(a + shared, b))
    yield from ((None, page) for page in range(c + shared, d))


def _best(
    was: Sequence[Leaf], now: Sequence[Leaf], one: tuple[int, int], other: tuple[int, int]
) -> list[Pair]:
    """The pairs, in order, that share the most; a pair that shares too little is none."""
    (a, b), (c, d) = one, other
    scores = [[_alike(was[i], now[j]) for j in range(c, d)] for i in range(a, b)]
    best = [[0.0] * (d - c + 1) for _ in range(b - a + 1)]
    for i in range(b - a - 1, -1, -1):
        for j in range(d - c - 1, -1, -1):
            best[i][j] = max(best[i + 1][j], best[i][j + 1], scores[i][j] + best[i + 1][j + 1])
    found: list[Pair] = []
    i = j = 0
    while i < b - a and j < d - c:
        if scores[i][j] and best[i][j] == scores[i][j] + best[i + 1][j + 1]:
            found.append((a + i, c + j))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            found.append((a + i, None))
            i += 1
        else:
            found.append((None, c + j))
            j += 1
    found += [(page, None) for page in range(a + i, b)]
    return [*found, *((None, page) for page in range(c + j, d))]


def _alike(one: Leaf, other: Leaf) -> float:
    if not one.words and not other.words:
        return _PICTURES
    shared = sum((Counter(one.words) & Counter(other.words)).values())
    part = 2 * shared / (len(one.words) + len(other.words))
    return part if part >= ALIKE else 0.0
