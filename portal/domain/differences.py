"""What went and what came between two texts, by words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

MOST_PAIRS = 500_000
"""Pairs of equal words above which two texts are shown whole: finding what stays takes too long."""


@dataclass(frozen=True)
class Piece:
    """A run of words: `kept`, `added` or `removed`."""

    how: str
    text: str


def pieces(
    before: Sequence[str], after: Sequence[str], most_pairs: int = MOST_PAIRS
) -> list[Piece]:
    """What stays, what went, what came, in order."""
    there = Counter(after)
    if sum(there[word] for word in before) > most_pairs:
        return _both(before, after)
    found = []
    for tag, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            found.append(Piece("kept", " ".join(before[a:b])))
        else:
            found += _both(before[a:b], after[c:d])
    return found


def _both(before: Sequence[str], after: Sequence[str]) -> list[Piece]:
    found = [Piece("removed", " ".join(before)), Piece("added", " ".join(after))]
    return [piece for piece in found if piece.text]
