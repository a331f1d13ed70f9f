"""Working days (rule 84): Monday to Friday, less the bank holidays of England and Wales."""

from __future__ import annotations

from collections.abc import Set
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

PACK_OPEN_WORKING_DAYS = 10
"""Default: a pack closes ten working days after the meeting (rule 30). An area's own choice."""

MINUTES_OPEN_DAYS = 112
"""Default: minutes stay open sixteen weeks (the time to a Level 2 review) plus the margin below;
the next minutes end them earlier."""

REPORT_DUE_WORKING_DAYS = 10
"""Default: reports are due ten working days before the meeting."""


def working_days_after(start: date, days: int, holidays: Set[date]) -> date:
    """The date `days` working days after `start` (before it when negative)."""
    step = timedelta(days=1 if days >= 0 else -1)
    left, day = abs(days), start
    while left:
        day += step
        if day.weekday() < 5 and day not in holidays:
            left -= 1
    return day


LONDON = ZoneInfo("Europe/London")


def london(at: datetime) -> datetime:
    """An aware time as clocks in England and Wales show it. Everything is stored in UTC."""
    return at.astimezone(LONDON)


def from_london(day: date, hour: int, minute: int) -> datetime:
    """The UTC moment at which London's clocks show this. In the hour that clocks repeat in
    autumn, the first of the two; a time that spring skips is moved on by the hour skipped."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=LONDON).astimezone(UTC)


def in_words(at: datetime) -> str:
    """'14 May 2026 at 9.02am' in London, for print: stamps, covers, receipts."""
    there = london(at)
    minutes = f".{there.minute:02}" if there.minute else ""
    half = "am" if there.hour < 12 else "pm"
    return f"{there.day} {there:%B} {there.year} at {there.hour % 12 or 12}{minutes}{half}"
