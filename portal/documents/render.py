"""Shows a bound paper in the browser: one page as a picture, its words, and where words stand.

Pictures are drawn of a reader's stamped copy. Words are read from the same file before it was
stamped, so that the mark does not run through every line; whoever shows them marks them. Both are
foreign bytes at heart: only a limited child process draws and reads them, and what it answers is
checked before it is believed.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Any, Final

from portal.documents import child
from portal.documents.limits import MIB, Limits
from portal.documents.refusal import RefusalCode, RefusedPaper

LONGEST_WANTED: Final = 100
_MOST_SHEETS: Final = 10_000
_LONGEST_SIDE: Final = 2000
_PAGE = Limits(
    pages=_MOST_SHEETS,
    memory=2048 * MIB,
    content=64 * MIB,
    answer=32 * MIB,
    cpu_seconds=8,
    wall_seconds=20.0,
)
_WHOLE = Limits(
    pages=_MOST_SHEETS,
    memory=2048 * MIB,
    content=64 * MIB,
    answer=8 * MIB,
    cpu_seconds=30,
    wall_seconds=60.0,
)
_MAGIC: Final = {"png": b"\x89PNG\r\n\x1a\n", "jpeg": b"\xff\xd8\xff"}


class Kind(StrEnum):
    """What a picture is, as browsers name it."""

    PNG = "image/png"
    JPEG = "image/jpeg"


@dataclass(frozen=True)
class Picture:
    """One page as it is shown; width and height in pixels, none above 2000."""

    body_clear: bytes
    kind: Kind
    width: int
    height: int


@dataclass(frozen=True)
class Word:
    """One word and its box, in fractions of the page from its upper left corner."""

    text: str
    x: float
    y: float
    w: float
    h: float


Line = tuple[Word, ...]


@dataclass(frozen=True)
class Tab:
    """A bookmark: what begins at which page of the file (from 1)."""

    title: str
    sheet: int


@dataclass(frozen=True)
class Contents:
    """What a file says of its pages: `labels` are the numbers printed on them, in order."""

    labels: tuple[str, ...]
    tabs: tuple[Tab, ...]

    @property
    def sheets(self) -> int:
        return len(self.labels)

    @property
    def last(self) -> str:
        """The last number printed on any page."""
        return self.labels[-1].rpartition("-")[2]

    @property
    def counted(self) -> bool:
        """Whether a page is one of so many: those of an annex or addendum have labels (A7K.1)."""
        return self.last.isdigit()

    def label_of(self, sheet: int) -> str:
        return self.labels[sheet - 1]

    def tab_of(self, sheet: int) -> Tab | None:
        """What this page belongs to."""
        return next((tab for tab in reversed(self.tabs) if tab.sheet <= sheet), None)

    def tab_before(self, sheet: int) -> Tab | None:
        """What begins before that to which this page belongs."""
        this = self.tab_of(sheet)
        earlier = [tab for tab in self.tabs if this is not None and tab.sheet < this.sheet]
        return earlier[-1] if earlier else None

    def tab_after(self, sheet: int) -> Tab | None:
        """What begins next."""
        return next((tab for tab in self.tabs if tab.sheet > sheet), None)

    def sheet_of(self, printed: str) -> int | None:
        """The page on which this number is printed, alone or within a run such as 41-52."""
        printed = printed.strip()
        if printed in self.labels:
            return self.labels.index(printed) + 1
        return next(
            (sheet for sheet, label in enumerate(self.labels, 1) if _within(printed, label)), None
        )


@dataclass(frozen=True)
class Leaf:
    """One page to be read, `width` by `height` points with its strips. `recognised`: its words
    were read from a picture, and may have mistakes."""

    sheet: int
    width: float
    height: float
    contents: Contents
    paragraphs: tuple[tuple[Line, ...], ...]
    recognised: bool = False

    def texts(self) -> tuple[str, ...]:
        """The words as paragraphs that may be set in any width; a word that was divided at the
        end of a line keeps its hyphen."""
        joined = (" ".join(w.text for line in lines for w in line) for lines in self.paragraphs)
        return tuple(text.replace("\u00ad ", "-").replace("\u00ad", "-") for text in joined)


@dataclass(frozen=True)
class Hit:
    """A page on which the words stand: how often, and the first of them among its neighbours."""

    sheet: int
    times: int
    before: str
    found: str
    after: str


@dataclass(frozen=True)
class Found:
    """Every page with a hit; `more`: there are further pages that are not listed."""

    hits: tuple[Hit, ...]
    more: bool
    contents: Contents


class NoSuchPage(Exception):
    """The file has fewer pages than that."""


def draw(
    stamped_clear: bytes,
    sheet: int,
    *,
    boxes: Sequence[tuple[float, float, float, float]] = (),
    small: bool = False,
) -> Picture:
    """The page `sheet` (from 1) of a stamped copy. Raises NoSuchPage, RefusedPaper.

    `boxes` (x, y, width, height in fractions of the picture) are shaded, to show what is marked.
    `small`: a thumbnail, to be recognised and not to be read.
    """
    asked = {"page": sheet, "boxes": [list(box) for box in boxes], "small": small}
    told, parts = child.run("draw", asked, [stamped_clear], _PAGE)
    if not parts:
        raise NoSuchPage
    with _suspicion():
        kind, (width, height), (body,) = told["kind"], _numbers(told["size"]), parts
        _require(0 < width <= _LONGEST_SIDE and 0 < height <= _LONGEST_SIDE)
        _require(body.startswith(_MAGIC[str(kind)]))
        return Picture(body, Kind(f"image/{kind}"), int(width), int(height))


def read_leaf(unstamped_clear: bytes, sheet: int) -> Leaf:
    """The page `sheet` (from 1): its words, and what the file says of its pages.

    Layers that are hidden, text beside the page and what the strips say are left out. Raises
    NoSuchPage, RefusedPaper.
    """
    told, _ = child.run("leaf", {"page": sheet}, [unstamped_clear], _PAGE)
    with _suspicion():
        contents = _contents(told)
        width, height = _numbers(told["size"])
        paragraphs = tuple(
            tuple(tuple(_word(word) for word in _list(line)) for line in _list(paragraph))
            for paragraph in _list(told["paragraphs"])
        )
    if not 1 <= sheet <= contents.sheets:
        raise NoSuchPage
    return Leaf(sheet, width, height, contents, paragraphs, told.get("recognised") is True)


def find_words(unstamped_clear: bytes, wanted: str) -> Found:
    """The pages on which `wanted` stands, in any case; nothing for nothing. Raises RefusedPaper."""
    asked = {"wanted": unicodedata.normalize("NFC", wanted)[:LONGEST_WANTED]}
    told, _ = child.run("find", asked, [unstamped_clear], _WHOLE)
    with _suspicion():
        contents = _contents(told)
        hits = tuple(
            Hit(
                _sheet(sheet, contents.sheets),
                _sheet(times, 1_000_000),
                *(_text(part, 300) for part in (before, found, after)),
            )
            for sheet, times, before, found, after in _list(told["found"])
        )
        return Found(hits, told["more"] is True, contents)


class _suspicion:  # noqa: N801  # it reads as a word of the sentence
    """What does not have the shape that was asked for is hostile, whatever it is."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, *_rest: object) -> None:
        if kind is not None and issubclass(kind, ValueError | TypeError | KeyError):
            raise RefusedPaper(RefusalCode.HOSTILE)


def _within(printed: str, run: str) -> bool:
    first, dash, last = run.partition("-")
    numbers = (first, printed, last)
    if not dash or not all(n.isascii() and n.isdecimal() and len(n) < 9 for n in numbers):
        return False
    return int(first) <= int(printed) <= int(last)


def _contents(told: Mapping[str, object]) -> Contents:
    labels = tuple(_text(label, 40) for label in _list(told["labels"]))
    _require(0 < len(labels) <= _MOST_SHEETS)
    tabs = tuple(Tab(_text(t, 300), _sheet(n, len(labels))) for t, n in _list(told["tabs"]))
    _require(all(one.sheet <= after.sheet for one, after in pairwise(tabs)))
    return Contents(labels, tabs)


def _require(holds: bool) -> None:
    if not holds:
        raise ValueError("not what was asked for")


def _list(value: object) -> list[Any]:
    _require(isinstance(value, list))
    return value  # type: ignore[return-value]  # it is one, as was just required


def _numbers(value: object) -> list[float]:
    numbers = _list(value)
    _require(all(type(number) in {int, float} for number in numbers))
    return numbers


def _sheet(value: object, most: int) -> int:
    _require(type(value) is int and 1 <= value <= most)
    return value  # type: ignore[return-value]  # it is one, as was just required


def _text(value: object, most: int) -> str:
    _require(isinstance(value, str))
    return "".join(c for c in str(value)[:most] if c.isprintable())


def _word(told: object) -> Word:
    text, *box = _list(told)
    x, y, w, h = _numbers(box)
    _require(all(-1 <= part <= 2 for part in (x, y, w, h)))
    _require(isinstance(text, str) and len(text) <= 100_000)
    return Word(text, x, y, w, h)
