"""Where words stand in a paper: each place, with its boxes, to be marked or left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from portal.documents.boxed import unlayer
from portal.documents.boxed.leaf import Shapes, of_page
from portal.documents.boxed.readings import Readings
from portal.documents.boxed.verdict import RefusedError
from portal.documents.boxed.wording import Row
from portal.documents.boxed.words import LINE_END_HYPHEN, Word

_AROUND: Final = 8  # words before and after
_MOST: Final = 2000


def task(asked: Mapping[str, Any], blobs: Sequence[bytes]) -> tuple[dict[str, object], list[bytes]]:
    """Every place in `blobs[0]` where `asked["wanted"]` stands: page, boxes, and what is around."""
    clear = unlayer.without_hidden(blobs[0])
    read = Readings(clear)
    if len(read.given) > int(asked["pages"]):
        raise RefusedError("too_many_pages")
    shapes, wanted = Shapes(clear), str(asked["wanted"])
    found: list[list[object]] = []
    for index in range(len(read.given)):
        places: list[list[list[float]]] = []
        for each in read.of(index):
            words = flat(of_page(each, shapes, index, whole=True))
            for where in Row([word.text for word in words]).find(wanted):
                boxes = _boxes(words, where)
                if boxes in places:
                    continue
                if len(found) == _MOST:
                    return {"found": found, "more": True}, []
                places.append(boxes)
                found.append([index + 1, boxes, *around(words, where)])
    return {"found": found, "more": False}, []


def flat(paragraphs: Sequence[Sequence[Sequence[Word]]]) -> list[Word]:
    """The words of a page in their order."""
    return [word for paragraph in paragraphs for line in paragraph for word in line]


def around(words: Sequence[Word], where: range) -> tuple[str, str, str]:
    """What stands before, what was found, and what stands after."""
    return (
        _said(words[max(0, where.start - _AROUND) : where.start]),
        _said(words[where.start : where.stop]),
        _said(words[where.stop : where.stop + _AROUND]),
    )


def _said(words: Sequence[Word]) -> str:
    return " ".join(word.text for word in words).replace(LINE_END_HYPHEN, "-")


def _boxes(words: Sequence[Word], where: range) -> list[list[float]]:
    return [[round(n, 5) for n in (w.x, w.y, w.w, w.h)] for w in words[where.start : where.stop]]
