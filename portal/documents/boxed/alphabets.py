"""What a font that stays may tell of words that are gone.

Many programs put into a font only the letters that a paper uses, and number them in the order in
which they were first used: whoever reads them in this order reads what stood there first, each
letter once. Where the letters that only a word used are left over, they tell it too. A font that
holds its letters in the order of the alphabet, or many that nobody uses, tells nothing.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from pikepdf import Dictionary, Object

from portal.documents.boxed import spelling
from portal.documents.boxed.wording import folded

_TOLD: Final = 3  # letters of a word in a row, each of which is new there
_LEFT_OVER: Final = 4  # letters of a word that nothing else uses
_MOST_CODES: Final = 2000  # of one font: more is an alphabet
_IN_ORDER: Final = 0.9  # of all steps from one letter to the next
_FONTS: Final = frozenset({"/Type0", "/TrueType", "/Type1", "/MMType1", "/Type3"})


@dataclass
class _Font:
    """Its letters by their numbers; none of that order where it is the alphabet's. `used`: what
    stands on the pages that have it; `told`: what was asked of it."""

    letters: str
    order: str
    used: set[str] = field(default_factory=set)
    told: dict[str, bool] = field(default_factory=dict)

    def tells(self, word: str) -> bool:
        """Asked once all pages are read: of every page that has it the answer is the same."""
        if word not in self.told:
            letters = folded(word)
            self.told[word] = self._in_order(letters) or _left_over(self.unused, letters)
        return self.told[word]

    def _in_order(self, letters: str) -> bool:
        """Whether the letters of a word that are new somewhere stand there in a row."""
        own = set(letters)
        return any(
            _new_from(self.order, start, set(self.order[:start]), letters) >= _TOLD
            for each in own
            for start in self.places.get(each, ())
            if own.issuperset(self.order[start : start + _TOLD])
        )

    @functools.cached_property
    def places(self) -> dict[str, list[int]]:
        """Where each letter stands in that order, but for the last that begin no row."""
        found: dict[str, list[int]] = {}
        for start, letter in enumerate(self.order[: 1 - _TOLD]):
            found.setdefault(letter, []).append(start)
        return found

    @functools.cached_property
    def unused(self) -> set[str]:
        return set(self.letters) - self.used


class Alphabets:
    """The fonts of some pages, by page; `texts`: what stands on each of these."""

    def __init__(self, pages: Sequence[Object], texts: Sequence[str]) -> None:
        own = {page.objgen for page in pages}
        self._known: dict[spelling.Id, _Font] = {}
        self._of: list[set[spelling.Id]] = []
        for page, text in zip(pages, texts, strict=True):
            here: set[spelling.Id] = set()
            for font in spelling.things(page, own):
                if isinstance(font, Dictionary) and str(font.get("/Subtype", "")) in _FONTS:
                    here.add(self._learnt(font))
            self._of.append(here)
            letters = folded(text)
            for each in here:
                self._known[each].used.update(letters)

    def tells(self, index: int, word: str) -> bool:
        """Whether a font of the page at `index` tells this word."""
        return any(self._known[each].tells(word) for each in self._of[index])

    def told(self, words: Sequence[str]) -> list[set[str]]:
        """For each page, those of these words that one of its fonts tells: many at once."""
        by_font = {key: {w for w in words if font.tells(w)} for key, font in self._known.items()}
        return [set[str]().union(*(by_font[each] for each in fonts)) for fonts in self._of]

    def _learnt(self, font: Object) -> spelling.Id:
        """A font that is no object of its own belongs to one page: it is known by its letters."""
        if font.is_indirect and font.objgen in self._known:
            return font.objgen
        codes = spelling.codes_of(font) or {}
        exact = "".join(codes[code] for code in sorted(codes)) if len(codes) <= _MOST_CODES else ""
        key = font.objgen if font.is_indirect else (hash(exact), -1)
        if key not in self._known:
            letters = folded(exact)
            self._known[key] = _Font(letters, "" if _is_alphabet(exact) else letters)
        return key


def _is_alphabet(letters: str) -> bool:
    plain = [letter for letter in letters if letter.isalnum()]
    steps = [one <= other for one, other in itertools.pairwise(plain)]
    return len(steps) > _TOLD and sum(steps) >= _IN_ORDER * len(steps)


def _new_from(order: str, start: int, before: set[str], letters: str) -> int:
    at = start
    for letter in letters:
        if at < len(order) and letter == order[at]:
            before.add(letter)
            at += 1
        elif letter not in before:
            return 0
    return at - start


def _left_over(unused: set[str], letters: str) -> bool:
    told = unused & set(letters)
    return len(told) >= _LEFT_OVER and 2 * len(told) >= len(unused)
