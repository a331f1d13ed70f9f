"""Which papers came without headings for screen readers: readers are told, and whom to ask."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from portal.documents import child
from portal.documents.limits import MIB, Limits
from portal.documents.refusal import RefusalCode, RefusedPaper

NOTE: Final = (
    "This document was supplied without headings for screen readers. "
    "Ask the MAPPA unit for another form."
)
_LIMITS = Limits(
    pages=10_000,
    memory=4096 * MIB,
    content=64 * MIB,
    answer=MIB,
    cpu_seconds=30,
    wall_seconds=60.0,
)


def have_headings(papers_clear: Sequence[bytes]) -> tuple[bool, ...]:
    """Of each paper (bytes that `intake.examine` accepted): whether its tags hold a heading.

    Raises RefusedPaper when the child process cannot tell.
    """
    if not papers_clear:
        return ()
    told, _ = child.run("headings", {}, list(papers_clear), _LIMITS)
    found = told.get("headings")
    if not isinstance(found, list) or [type(each) for each in found] != [bool] * len(papers_clear):
        raise RefusedPaper(RefusalCode.HOSTILE)
    return tuple(found)
