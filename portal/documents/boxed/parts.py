"""The pages of an extract in two parts: the words that are left, and those that places cover."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from portal.documents.boxed import blackout, wordlayer
from portal.documents.boxed.blackout import Area, Split
from portal.documents.boxed.leaf import Shapes, of_page
from portal.documents.boxed.occurrences import flat
from portal.documents.boxed.readings import Readings
from portal.documents.boxed.words import Word


class Parts:
    """Parts the pages of one file by `areas` (page from 1: boxes as its stamped picture has them),
    each once, by each of its readings. A place that one reading calls a word is covered whole in
    all of them."""

    def __init__(
        self, read: Readings, shapes: Shapes, areas: Mapping[int, Sequence[Sequence[float]]]
    ) -> None:
        self.read = read
        self._shapes = shapes
        self._areas = areas
        self._known: dict[int, list[Split]] = {}

    def painted(self, page: int) -> Split:
        """By what the page paints; its areas cover what any reading has there."""
        splits = self.of(page)
        return replace(splits[0], areas=[area for split in splits for area in split.areas])

    def of(self, page: int) -> list[Split]:
        """One for each reading, what the page paints first."""
        if page not in self._known:
            self._known[page] = self._parted(page)
        return self._known[page]

    def words(self, page: int) -> list[str]:
        """Everything that stands in or beside a page, by all its readings."""
        return [word for text in self.read.texts(page - 1) for word in text.split()]

    def _parted(self, page: int) -> list[Split]:
        _, unit = self._shapes.of(page - 1)
        documents = self.read.of(page - 1)
        high = documents[0][page - 1].get_height() * unit
        areas = [blackout.unframed(x, y, w, h, high) for x, y, w, h in self._areas.get(page, [])]
        told = [
            [
                [[_moved(word, high) for word in line] for line in paragraph]
                for paragraph in of_page(document, self._shapes, page - 1, whole=True)
            ]
            for document in documents
        ]
        if len(told) > 1:
            areas += [
                Area(word.x, word.y, word.w, word.h)
                for paragraphs in told
                for line in blackout.split(paragraphs, areas, "").covered
                for word in line
            ]
        return [blackout.split(paragraphs, areas, wordlayer.REMOVED) for paragraphs in told]


def left_in(split: Split) -> list[Word]:
    """The words that are left, in their order."""
    return [word for word in flat(split.left) if word.text != wordlayer.REMOVED]


def _moved(word: Word, high: float) -> Word:
    at = blackout.unframed(word.x, word.y, word.w, word.h, high)
    return Word(word.text, at.x, at.y, at.w, at.h)
