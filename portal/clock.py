"""Time, and whether it can be believed.

The only place that reads the wall clock; everything else is given ``now``.  Windows of access
open and close by it, so a clock that was moved must open nothing: the wall clock is compared with
one that nobody can set, and with the newest time in the ledger.  Journeys ask ``trouble`` before
anything opens, and refuse with its answer.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol

TOLERANCE = timedelta(minutes=5)


class Clock(Protocol):
    """What the rest of the portal may know of time."""

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""
        ...

    def trouble(
        self, newest_ledger_time: datetime | None, accepted_at: datetime | None
    ) -> str | None:
        """Return why the time cannot be believed, or None when it can.

        ``newest_ledger_time`` is the latest time in the ledger after the newest acceptance (None:
        the ledger is empty).  ``accepted_at`` is the time of the newest ``clock.accepted`` line
        (None: there is none).
        """
        ...


class SystemClock:
    """The machine's wall clock, watched by its steady clock.

    The two are read together when the clock is made (the anchor).  From then on they must advance
    alike: more than five minutes apart is trouble, until an operator's acceptance, made after the
    anchor and on the clock as it stands now, moves the anchor here.
    """

    def __init__(
        self,
        wall: Callable[[], datetime] | None = None,
        steady: Callable[[], timedelta] | None = None,
    ) -> None:
        self._wall = wall or _wall
        self._steady = steady or _steady
        self._reckoned: datetime | None = None
        self._anchor_wall, self._anchor_steady = self._wall(), self._steady()

    def now(self) -> datetime:
        return self._wall()

    def trouble(
        self, newest_ledger_time: datetime | None, accepted_at: datetime | None
    ) -> str | None:
        now, elapsed = self._wall(), self._steady() - self._anchor_steady
        if accepted_at is not None:
            if accepted_at.tzinfo is None:
                return "the time at which the clock was accepted is unreadable"
            self._reckon(accepted_at, now, elapsed)
            elapsed = self._steady() - self._anchor_steady
        drift = (now - self._anchor_wall) - elapsed
        if abs(drift) > TOLERANCE:
            where = "ahead of" if drift > timedelta(0) else "behind"
            return f"the clock is {_span(drift)} {where} where it should be since the portal began"
        return _behind_the_ledger(now, newest_ledger_time)

    def _reckon(self, accepted_at: datetime, now: datetime, elapsed: timedelta) -> None:
        """Move the anchor here when ``accepted_at`` is newer than it, once for each acceptance.

        The anchor's moment is told on the clock as it stands now, since that is the clock the
        operator accepted; an acceptance counts once, so that a clock set back to the time of an
        old acceptance gains nothing by it.
        """
        if accepted_at == self._reckoned:
            return
        self._reckoned = accepted_at
        if now - elapsed <= accepted_at <= now:
            self._anchor_wall, self._anchor_steady = now, self._steady()


class FixedClock:
    """A clock that stands where it is put: for tests, and for scenes at a given time.

    It compares itself with the ledger as the real one does.  ``doubt`` is the reason it gives of
    its own, where a scene wants a clock that cannot be believed; an acceptance made at or after
    the present moment of this clock lifts it.
    """

    def __init__(self, at: datetime) -> None:
        self.doubt: str | None = None
        self.set(at)

    def set(self, at: datetime) -> None:
        """Put the clock to ``at``, which must be aware."""
        if at.tzinfo is None:
            raise ValueError("a clock needs an aware time")
        self._at = at.astimezone(UTC)

    def advance(self, by: timedelta) -> None:
        """Move the clock by ``by``, forwards or back."""
        self._at += by

    def now(self) -> datetime:
        return self._at

    def trouble(
        self, newest_ledger_time: datetime | None, accepted_at: datetime | None
    ) -> str | None:
        if accepted_at is not None and accepted_at.tzinfo is None:
            return "the time at which the clock was accepted is unreadable"
        if self.doubt and accepted_at is not None and accepted_at >= self._at:
            self.doubt = None
        return self.doubt or _behind_the_ledger(self._at, newest_ledger_time)


def _behind_the_ledger(now: datetime, newest: datetime | None) -> str | None:
    if newest is None:
        return None
    if newest.tzinfo is None:
        return "the newest time in the ledger is unreadable"
    if newest - now > TOLERANCE:
        return f"the clock is {_span(newest - now)} behind the newest line of the ledger"
    return None


def _wall() -> datetime:
    return datetime.now(UTC)


def _steady() -> timedelta:
    # CLOCK_BOOTTIME also counts sleep; where there is none, a sleep reads as a clock that ran
    # ahead, which refuses: the safe side.
    if hasattr(time, "CLOCK_BOOTTIME"):
        return timedelta(microseconds=time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1000)
    return timedelta(microseconds=time.monotonic_ns() // 1000)


def _span(length: timedelta) -> str:
    minutes = int(abs(length) / timedelta(minutes=1))
    if minutes < 120:
        return f"{minutes} minutes"
    if minutes < 48 * 60:
        return f"{minutes // 60} hours"
    return f"{minutes // (24 * 60)} days"
