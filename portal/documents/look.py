"""Looks through a rebuilt paper once: what nobody sees, what is a picture, how it is marked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from portal.documents import child
from portal.documents.findings import Finding, FindingKind, of_pages
from portal.documents.limits import Limits
from portal.documents.refusal import RefusalCode, RefusedPaper

_SECONDS: Final = 20
_UNSEEN: Final = (
    FindingKind.OFF_PAGE_TEXT,
    FindingKind.CROPPED_PICTURES,
    FindingKind.INVISIBLE_TEXT,
    FindingKind.TINY_TEXT,
    FindingKind.SCANNED_TEXT,
    FindingKind.OTHER_WORDS,
    FindingKind.NOT_LOOKED_THROUGH,
)


@dataclass(frozen=True)
class Looked:
    """What was seen of a paper.

    `unseen`: kinds of things that are in it and not to be seen on its pages, or said otherwise than
    they are seen; they stay there, so its sender is told. `pictures`: pages (from 1) that hold a
    picture and no letter. `above`: whether it is marked above OFFICIAL-SENSITIVE. The last two are
    None where nobody could look.
    """

    unseen: tuple[Finding, ...]
    pictures: tuple[int, ...] | None = None
    above: bool | None = None


def look_through(pdf_clear: bytes, pages: int, limits: Limits, seconds: float = _SECONDS) -> Looked:
    """Look through a rebuilt file of so many `pages`, in one child.

    Pages that `seconds` of processor time do not reach are told as not looked through; so are all
    of a file that brings the child down, for it has been rebuilt and is as safe as any other.
    """
    bounds = replace(limits, cpu_seconds=round(seconds) + limits.cpu_seconds, wall_seconds=60.0)
    try:
        header, _ = child.run("look", {"seconds": seconds}, [pdf_clear], bounds)
        return Looked(
            tuple(_unseen(header.get("unseen"), pages)),
            tuple(_sheets(header.get("pictures"), pages)),
            header.get("above") is True,
        )
    except RefusedPaper:
        return Looked((of_pages(FindingKind.NOT_LOOKED_THROUGH, range(1, pages + 1)),))


def _unseen(told: object, pages: int) -> Iterator[Finding]:
    if not isinstance(told, dict) or set(told) != {kind.value for kind in _UNSEEN}:
        raise RefusedPaper(RefusalCode.HOSTILE)
    for kind in _UNSEEN:
        found = _sheets(told[kind.value], pages)
        if found:
            yield of_pages(kind, found)


def _sheets(told: object, pages: int) -> list[int]:
    if not isinstance(told, list) or not all(
        type(sheet) is int and 1 <= sheet <= pages for sheet in told
    ):
        raise RefusedPaper(RefusalCode.HOSTILE)
    return told
