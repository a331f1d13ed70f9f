"""Accounts that nobody uses: after how long one closes, and who is told before (rule 81).

Half a year: Level 2 reviews are at least sixteen weeks apart, and one may be put off. Whoever is
asked less often than that is rung before each meeting anyway, and opened again in the same call.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

DORMANT_DAYS = 182
"""After how many days without use an account closes, where an area has not said otherwise."""

FEWEST_DAYS, MOST_DAYS = 30, 400

WARN_BEFORE = timedelta(days=14)
"""How long before it closes its owner is told."""

WOKEN_LASTS = timedelta(days=7)
"""How long an account that was opened again waits for its owner to sign in."""


class Checked(StrEnum):
    """How it was made sure who asks for their account to be opened again."""

    MET = "met"
    RANG = "rang"


def sleeps_after(used_at: datetime, woken_at: datetime | None, days: int) -> datetime:
    """The last moment at which the account still signs in; after it, it is closed."""
    unused = used_at + timedelta(days=days)
    return unused if woken_at is None else max(unused, woken_at + WOKEN_LASTS)
