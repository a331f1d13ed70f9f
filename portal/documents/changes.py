"""What a new version of a paper says that the one before did not, page by page (rule 57).

Both are foreign bytes at heart: a limited child process reads and draws them, what it answers is
checked before it is believed, and nothing of it is kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from portal.documents import child
from portal.documents.limits import MIB, Limits
from portal.documents.refusal import RefusalCode, RefusedPaper
from portal.domain.differences import Piece

_MOST_SHEETS: Final = 10_000
_LONGEST: Final = 2000
_LIMITS = Limits(
    pages=_MOST_SHEETS,
    memory=2048 * MIB,
    content=64 * MIB,
    answer=32 * MIB,
    cpu_seconds=60,
    wall_seconds=120.0,
)


class How(StrEnum):
    """What became of a page. LOOKS: the same words, and it looks different."""

    SAME = "same"
    WORDS = "words"
    LOOKS = "looks"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True)
class Page:
    """One page: its sheets before and now (from 1), None where it is not there. `cut`: more of it
    changed than `pieces` tell."""

    how: How
    was: int | None
    now: int | None
    pieces: tuple[Piece, ...]
    cut: bool


@dataclass(frozen=True)
class Changes:
    """Every page of both versions, in order."""

    pages: tuple[Page, ...]

    @property
    def changed(self) -> tuple[Page, ...]:
        return tuple(page for page in self.pages if page.how is not How.SAME)

    @property
    def unchanged(self) -> tuple[int, ...]:
        """The sheets, as they are now, on which nothing changed."""
        return tuple(page.now for page in self.pages if page.how is How.SAME and page.now)


def changes(
    was_clear: bytes,
    now_clear: bytes,
    was: tuple[int, int] = (1, 0),
    now: tuple[int, int] = (1, 0),
) -> Changes:
    """Compare two PDFs, or the sheets of them from the first to the last given (0: to the end).

    Raises RefusedPaper.
    """
    asked = {"was": list(was), "now": list(now)}
    told, _ = child.run("changes", asked, [was_clear, now_clear], _LIMITS)
    try:
        return Changes(tuple(_page(*page) for page in _list(told["pages"])))
    except (ValueError, TypeError, KeyError) as strange:
        raise RefusedPaper(RefusalCode.HOSTILE) from strange


def _page(how: object, was: object, now: object, pieces: object, cut: object) -> Page:
    found = tuple(Piece(_how(kind), _text(text)) for kind, text in _list(pieces))
    return Page(How(str(how)), _sheet(was), _sheet(now), found, cut is True)


def _how(value: object) -> str:
    if value not in ("kept", "added", "removed"):
        raise ValueError("no kind of piece")
    return str(value)


def _sheet(value: object) -> int | None:
    if type(value) is not int or not 0 <= value <= _MOST_SHEETS:
        raise ValueError("no sheet")
    return value or None


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("not a text")
    return "".join(c for c in value[:_LONGEST] if c.isprintable())


def _list(value: object) -> list[Any]:
    if not isinstance(value, list):
        raise TypeError("not a list")
    return value
