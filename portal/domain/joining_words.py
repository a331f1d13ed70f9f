"""Joining words end with the meeting for which they were spoken (at midnight after it, London)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from portal.domain.clocks import from_london, london


def end_of(starts: Iterable[datetime], now: datetime) -> datetime | None:
    """When words given `now` end, for somebody for whom papers of meetings with these starts wait.

    With the day of the next of these meetings, in London; None where none of them is to come: then
    there is no hurry that words are for.
    """
    ends = [from_london(london(start).date() + timedelta(days=1), 0, 0) for start in starts]
    return min((end for end in ends if end > now), default=None)
