"""When a notice is tried again, and when it is given up. Pure; records keeps the rows.

Waits double from one minute to six hours. A notice that could not be delivered in about two
days is given up and shown to the coordinator, who then rings the person.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=6)
TRIES = 16


@dataclass(frozen=True)
class Waiting:
    """To be tried (again) at `next_at`, after `tries` tries have failed."""

    tries: int
    next_at: datetime


@dataclass(frozen=True)
class GivenUp:
    """Not to be tried again; `reason` is for the coordinator and names no one."""

    tries: int
    reason: str


def new(now: datetime) -> Waiting:
    """Return the state of a notice put into the outbox now: due at once."""
    return Waiting(0, now)


def is_due(state: Waiting | GivenUp, now: datetime) -> bool:
    """Say whether it is time to try."""
    return isinstance(state, Waiting) and now >= state.next_at


def after_trouble(state: Waiting, reason: str, now: datetime) -> Waiting | GivenUp:
    """Return the state after a try that failed for now (`SendLater`)."""
    tries = state.tries + 1
    if tries >= TRIES:
        return GivenUp(tries, reason)
    return Waiting(tries, now + min(FIRST_WAIT * (1 << (tries - 1)), LONGEST_WAIT))


def after_refusal(state: Waiting, reason: str) -> GivenUp:
    """Return the state after a try that failed for good (`SendNever`)."""
    return GivenUp(state.tries + 1, reason)
