"""Extracts: a paper cut down to what somebody may have, and the test that nothing else is in it.

Foreign bytes at heart, so a limited child process does the work, and what it answers is checked
before it is believed. Places are in fractions of a page as its stamped picture shows it, from the
upper left corner; pages count from 1 as they lie in the source.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from portal.documents import child
from portal.documents.limits import MIB, Limits
from portal.documents.refusal import RefusalCode, RefusedPaper

LONGEST_WORDS: Final = 200
MOST_AREAS: Final = 5000
_LONGEST_TESTED: Final = 20_000
_MOST_SHEETS: Final = 10_000
_LIMITS = Limits(
    pages=_MOST_SHEETS,
    memory=3072 * MIB,
    content=64 * MIB,
    answer=200 * MIB,
    cpu_seconds=90,
    wall_seconds=180.0,
)


class TooMuch(RefusedPaper):
    """More is marked or covered than can be taken out and looked for at once. Nothing is made:
    what was left over would stand in the extract, and nobody would look for it."""

    def __init__(self) -> None:
        super().__init__(RefusalCode.TOO_HEAVY)

    @property
    def words(self) -> str:
        return (
            "More is marked than can be taken out at once. Mark an area in the place of many "
            "words or lines, or leave out pages and make more than one extract."
        )


@dataclass(frozen=True)
class Area:
    """A place on one page."""

    sheet: int
    x: float
    y: float
    w: float
    h: float

    def __post_init__(self) -> None:
        sides = (self.x, self.y, self.w, self.h)
        if self.sheet < 1 or not all(-1 <= side <= 2 for side in sides) or min(sides[2:]) < 0:
            raise ValueError("no place on a page")


@dataclass(frozen=True)
class Occurrence:
    """One place where words stand: its areas, and what is around them."""

    sheet: int
    areas: tuple[Area, ...]
    before: str
    found: str
    after: str


@dataclass(frozen=True)
class Left:
    """A word that was taken out and is still seen on a page, how often, and the first place; what
    is around it only on the first few pages."""

    sheet: int
    word: str
    times: int
    before: str
    found: str
    after: str


@dataclass(frozen=True)
class Tested:
    """What the test found. `beneath`: words nobody sees there, by page. `elsewhere`: beside the
    pages. `pictures`: pages whose pictures could not be searched; somebody must look at them."""

    seen: tuple[Left, ...]
    beneath: tuple[tuple[int, str], ...]
    elsewhere: tuple[str, ...]
    pictures: tuple[int, ...]

    @property
    def passed(self) -> bool:
        return not (self.seen or self.beneath or self.elsewhere)


@dataclass(frozen=True)
class Extract:
    """An extract that passed, or the reasons why there is none (`pdf_clear` is empty then).

    `words` is what the test looked for everywhere, `light` what it looked for in all that is read
    or said aloud; `flat` are the pages that became pictures.
    """

    pdf_clear: bytes
    pages: int
    words: tuple[str, ...]
    light: tuple[str, ...]
    flat: tuple[int, ...]
    tested: Tested


def occurrences(pdf_clear: bytes, wanted: str) -> tuple[tuple[Occurrence, ...], bool]:
    """Every place where the words stand, however they are written; and whether there are more than
    can be told. Raises RefusedPaper, and TooMuch for more than LONGEST_WORDS characters."""
    if len(wanted) > LONGEST_WORDS:
        raise TooMuch
    told, _ = child.run("occurrences", {"wanted": wanted}, [pdf_clear], _LIMITS)
    try:
        found = tuple(
            Occurrence(
                sheet,
                tuple(Area(sheet, *box) for box in boxes),
                *(_text(text) for text in (before, found, after)),
            )
            for sheet, boxes, before, found, after in _list(told["found"])
        )
        return found, told["more"] is True
    except (ValueError, TypeError, KeyError) as strange:
        raise RefusedPaper(RefusalCode.HOSTILE) from strange


def extract(
    pdf_clear: bytes,
    keep: Sequence[int],
    areas: Iterable[Area],
    words: Sequence[str],
    stays: Iterable[tuple[str, int]] = (),
) -> Extract:
    """Only the pages of `keep`, in this order, with the areas painted over.

    `words` are looked for in what comes of it, besides what the areas covered; `stays` are pairs of
    a word and a page on which somebody has said that it may be seen. Raises RefusedPaper, TooMuch
    where a part of it would have to be passed over, and ValueError where no page is kept or one
    twice.
    """
    if not keep or len(set(keep)) != len(keep) or min(keep) < 1:
        raise ValueError("an extract has pages, each once")
    asked: dict[str, list[Any]] = {
        "keep": list(keep),
        "areas": [[a.sheet, a.x, a.y, a.w, a.h] for a in areas],
        "words": list(words),
        "stays": [[word, sheet] for word, sheet in stays],
    }
    if len(asked["areas"]) > MOST_AREAS or any(len(word) > LONGEST_WORDS for word in words):
        raise TooMuch
    told, parts = child.run("extract", asked, [pdf_clear], _LIMITS)
    try:
        tested = _tested(told)
        made = Extract(
            parts[0] if parts else b"",
            len(keep),
            tuple(_word(word) for word in _list(told["words"])),
            tuple(_word(word) for word in _list(told["light"])),
            tuple(_whole(sheet) for sheet in _list(told["flat"])),
            tested,
        )
    except (ValueError, TypeError, KeyError) as strange:
        raise RefusedPaper(RefusalCode.HOSTILE) from strange
    if tested.passed != bool(parts) or (parts and not parts[0].startswith(b"%PDF-")):
        raise RefusedPaper(RefusalCode.HOSTILE)
    return made


def look_again(
    pdf_clear: bytes,
    words: Sequence[str],
    stays: Iterable[tuple[str, int]] = (),
    light: Sequence[str] = (),
) -> Tested:
    """The test of a finished extract; here pages are those of the extract. Raises RefusedPaper."""
    asked = {
        "words": list(words),
        "light": list(light),
        "stays": [[word, sheet] for word, sheet in stays],
    }
    told, _ = child.run("remains", asked, [pdf_clear], _LIMITS)
    try:
        return _tested(told)
    except (ValueError, TypeError, KeyError) as strange:
        raise RefusedPaper(RefusalCode.HOSTILE) from strange


def _tested(told: dict[str, object]) -> Tested:
    return Tested(
        tuple(
            Left(_whole(sheet), _word(word), _whole(times), _text(a), _text(b), _text(c))
            for sheet, word, times, a, b, c in _list(told["seen"])
        ),
        tuple((_whole(sheet), _word(word)) for sheet, word in _list(told["beneath"])),
        tuple(_word(word) for word in _list(told["elsewhere"])),
        tuple(_whole(sheet) for sheet in _list(told["pictures"])),
    )


def _list(value: object) -> list[Any]:
    if not isinstance(value, list):
        raise TypeError("not a list")
    return value


def _whole(value: object) -> int:
    if type(value) is not int or not 1 <= value <= 1_000_000:
        raise ValueError("not a number of a page")
    return value


def _word(value: object) -> str:
    """What is looked for, whole: a part of it would be found where it is not, or missed."""
    if isinstance(value, str) and len(value) > _LONGEST_TESTED:
        raise TooMuch
    return _text(value, _LONGEST_TESTED)


def _text(value: object, most: int = 1000) -> str:
    if not isinstance(value, str):
        raise TypeError("not a text")
    return "".join(c for c in value[:most] if c.isprintable())
