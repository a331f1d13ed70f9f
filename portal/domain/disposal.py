"""When what was sent is disposed of: its sealed bytes and every wrap (rules 78 and 79)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from portal.domain.grants import Grant, GrantState

KEPT_AFTER_END = timedelta(days=30)
"""How long the unit keeps what was sent after the last reader's access has ended."""

RULE = "MAPPA rule 78: 30 days after the last reader's access has ended"

SHORTEST_REASON = 20
LONGEST_REASON = 1_000

_OVER = frozenset({GrantState.EXPIRED, GrantState.TAKEN_BACK})


def ended_at(grants: Iterable[Grant]) -> datetime | None:
    """When the last access of a sending ended; None while one is still given or waits."""
    found = list(grants)
    if not found or any(grant.state not in _OVER for grant in found):
        return None
    return max(grant.changed_at for grant in found)


def due_at(grants: Iterable[Grant]) -> datetime | None:
    """From when a sending with these grants is to be disposed of; None while one is not over."""
    ended = ended_at(grants)
    return None if ended is None else ended + KEPT_AFTER_END


def is_due(grants: Iterable[Grant], now: datetime) -> bool:
    """Whether a sending with these grants is to be disposed of at `now`, if no hold stops it."""
    due = due_at(grants)
    return due is not None and due <= now
