"""An agency's own people, as its single point of contact keeps them: named, covered, certified.

Each quarter the single point of contact says of each colleague that they are still here or have
left (rule 81). Nothing closes by itself when that is late: the co-ordinator sees it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from portal.domain.people import Role

OF_THE_AGENCY = frozenset({Role.ATTENDEE, Role.CONTACT})
"""The roles a single point of contact may give, and all that somebody they remove may have."""

CERTIFY_EVERY = timedelta(days=91)
LATE_AFTER = timedelta(days=30)
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
