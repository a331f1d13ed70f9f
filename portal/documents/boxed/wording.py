"""Finds words the way a careful person would: whatever their case, accents, joined letters, breaks.

A text is a row of tokens. Each is brought down to its letters and digits; words are looked for in
the row of these, so that neither a soft hyphen, a line's end, nor a word that a file paints in
three pieces hides anything. A word that stands there from right to left is found too. One of three
letters is found where a word begins, and one of two where it is the whole word: "going" is no "Ng".
"""

from __future__ import annotations

import bisect
import functools
import itertools
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Final

SHORTEST: Final = 2
_BACKWARDS: Final = 4
_LOOSE: Final = 4
_WHOLE: Final = 2
_PLAIN: Final = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ŧ": "t",
     "ħ": "h", "ŋ": "n", "’": "", "ʼ": ""}
)  # fmt: skip


def folded(text: str) -> str:
    """The letters and digits alone: no case, no accents, joined letters apart."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    letters = unicodedata.normalize("NFKD", apart.translate(_PLAIN).casefold())
    return "".join(c for c in letters if c.isalnum())


class Row:
    """Tokens in their order, to be searched."""

    def __init__(self, tokens: Sequence[str]) -> None:
        self._tokens = tokens
        self._starts: list[int] = []
        self._ends: list[int] = []
        at, parts = 0, list[str]()
        for token in tokens:
            part = folded(token)
            parts.append(part)
            self._starts.append(at)
            at += len(part)
            self._ends.append(at)
        self._all = self.letters = "".join(parts)
        self._edges = set(self._starts)
        self._stops = set(self._ends)

    def find(self, wanted: str) -> Iterator[range]:
        """Which tokens hold `wanted`, wholly or each a piece of it; in order, none overlapping."""
        plain = folded(wanted)
        if len(plain) < SHORTEST:
            return
        ways = [plain]
        if len(plain) >= _BACKWARDS and plain[::-1] != plain:
            ways.append(plain[::-1])
        last = -1
        for start, end in sorted(found for way in ways for found in self._each(way)):
            first, after = self._token(start), self._token(end - 1) + 1
            if first > last:
                last = after - 1
                yield range(first, after)

    def _each(self, way: str) -> Iterator[tuple[int, int]]:
        at = self._all.find(way)
        while at >= 0:
            end = at + len(way)
            if self._is_one(at, end, way):
                yield at, end
            at = self._all.find(way, at + 1)

    def _is_one(self, start: int, end: int, way: str) -> bool:
        if len(way) < _LOOSE and _has_case(way):
            fronts, backs = self._bounds
            if start not in fronts or (len(way) <= _WHOLE and end not in backs):
                return False
        if self._token(start) == self._token(end - 1):
            return True
        # Over several tokens it must begin or end where one does: else "plan next" held "ann".
        edges = (start in self._edges) + (end in self._stops)
        return edges >= (1 if len(way) >= _LOOSE else 2)

    @functools.cached_property
    def _bounds(self) -> tuple[set[int], set[int]]:
        """Where words begin and end, those that stand together in one token too: Ng/Li, MrNg."""
        fronts, backs = set(self._starts), set(self._ends)
        for start, end, token in zip(self._starts, self._ends, self._tokens, strict=True):
            at = start
            for first, after in itertools.pairwise(token):
                at += len(folded(first))
                if _parted(first, after):
                    fronts.add(min(at, end))
                    backs.add(min(at, end))
        return fronts, backs

    def _token(self, place: int) -> int:
        return bisect.bisect_right(self._ends, place)


def _has_case(plain: str) -> bool:
    """Whether it is of letters that have capitals. Other scripts may write without spaces."""
    return all(c.upper() != c for c in plain)


def _parted(first: str, after: str) -> bool:
    """Whether a word ends with the first of two signs that stand together."""
    return not (first.isalpha() and after.isalpha()) or (first.islower() and after.isupper())
