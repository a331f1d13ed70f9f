"""An agency's own people, as its single point of contact keeps them: named, covered, certified.

Each quarter the single point of contact says of each colleague that they are still here or have
left (rule 81). They are written to when it is due, and once more before it is late. Nothing closes
by itself when it is late: the co-ordinator sees it.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from enum import StrEnum

from portal.domain.people import Role

OF_THE_AGENCY = frozenset({Role.ATTENDEE, Role.CONTACT})
"""The roles a single point of contact may give, and all that somebody they remove may have."""

CERTIFY_EVERY = timedelta(days=91)
LATE_AFTER = timedelta(days=30)
REMIND_AFTER = timedelta(days=21)
LETTERS_APART = timedelta(days=14)
"""However many dates people were invited on: no agency is written to more often."""

LONGEST_COVER = timedelta(days=92)


class Certified(StrEnum):
    """Whether somebody of an agency was lately said to be still here."""

    CURRENT = "current"
    DUE = "due"
    OVERDUE = "overdue"


def certified(last: datetime, now: datetime) -> Certified:
    """`last`: when it was last said, or when the person was invited, where it never was."""
    if now < last + CERTIFY_EVERY:
        return Certified.CURRENT
    return Certified.DUE if now < last + CERTIFY_EVERY + LATE_AFTER else Certified.OVERDUE


class Ask(StrEnum):
    """Which letter an agency's single points of contact are to be sent."""

    FIRST = "first"
    AGAIN = "again"


def due_since(last: Collection[datetime], now: datetime) -> datetime | None:
    """Since when somebody of an agency has to be certified; None where nobody has. `last` as
    `certified` takes it, one for each person."""
    waits = [each + CERTIFY_EVERY for each in last if certified(each, now) is not Certified.CURRENT]
    return min(waits, default=None)


def letter_due(since: datetime, told: Collection[datetime], now: datetime) -> Ask | None:
    """Which letter is due now to an agency that was written to at the times `told`, where somebody
    is due `since`, the first of all: one when it is due, and one more."""
    if told and now < max(told) + LETTERS_APART:
        return None
    written = sum(1 for at in told if at >= since)
    if written == 0:
        return Ask.FIRST
    return Ask.AGAIN if written == 1 and now >= since + REMIND_AFTER else None
