"""Which pages of a clean paper hold what nobody sees: it stays there, so its sender is told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from portal.documents import child
from portal.documents.findings import Finding, FindingKind, of_pages
from portal.documents.limits import Limits
from portal.documents.refusal import RefusalCode, RefusedPaper

_SECONDS: Final = 20
_KINDS: Final = (
    FindingKind.OFF_PAGE_TEXT,
    FindingKind.CROPPED_PICTURES,
    FindingKind.INVISIBLE_TEXT,
    FindingKind.TINY_TEXT,
    FindingKind.SCANNED_TEXT,
    FindingKind.NOT_LOOKED_THROUGH,
)


def look_for_unseen(
    pdf_clear: bytes, pages: int, limits: Limits, seconds: float = _SECONDS
) -> tuple[Finding, ...]:
    """Kinds of things that are in a rebuilt file and not to be seen on its pages, page by page.

    Pages that `seconds` of processor time do not reach are told as not looked through; so are all
    of a file that brings the child down, for it has been rebuilt and is as safe as any other.
    """
    bounds = replace(limits, cpu_seconds=round(seconds) + limits.cpu_seconds, wall_seconds=60.0)
    try:
        header, _ = child.run("unseen", {"seconds": seconds}, [pdf_clear], bounds)
        return tuple(_findings(header.get("unseen"), pages))
    except RefusedPaper:
        return (of_pages(FindingKind.NOT_LOOKED_THROUGH, range(1, pages + 1)),)


def _findings(told: object, pages: int) -> Iterator[Finding]:
    if not isinstance(told, dict) or set(told) != {kind.value for kind in _KINDS}:
        raise RefusedPaper(RefusalCode.HOSTILE)
    for kind in _KINDS:
        found = told[kind.value]
        if not isinstance(found, list) or not all(
            type(sheet) is int and 1 <= sheet <= pages for sheet in found
        ):
            raise RefusedPaper(RefusalCode.HOSTILE)
        if found:
            yield of_pages(kind, found)
