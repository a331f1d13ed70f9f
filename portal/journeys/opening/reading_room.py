"""How many papers may be in memory in the clear at once, so that a rush can't exhaust the machine.

A seat is held while a paper is examined, sealed, opened or stamped, which is when several copies
of it exist. Handing the finished bytes to a reader holds none: a slow reader keeps nobody waiting.
What somebody hands in is examined in a room of its own, in which nobody has more than two seats: a
file that burns its time keeps no reader waiting, and nobody else's file out.
"""

from __future__ import annotations

import threading
import weakref
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

SEATS = 8
EACH = 2
WAIT_SECONDS = 20.0


class RoomFull(Exception):
    """No seat came free in time. Nothing was done; trying again in a minute is right."""


class ReadingRoom:
    """A bounded number of seats in one process."""

    def __init__(self, seats: int = SEATS, wait_seconds: float = WAIT_SECONDS) -> None:
        self._seats = threading.BoundedSemaphore(seats)
        self._wait = wait_seconds
        self._lock = threading.Lock()
        # Whoever holds no seat and waits for none is forgotten.
        self._of: weakref.WeakValueDictionary[str, threading.BoundedSemaphore]
        self._of = weakref.WeakValueDictionary()

    @contextmanager
    def seat(self, whose: str = "") -> Iterator[None]:
        """Hold a seat for the block, waiting for one at most `wait_seconds`; raises RoomFull.

        `whose`: somebody's identifier, where nobody is to have more than two at once.
        """
        with ExitStack() as held:
            for seats in ([self._own(whose)] if whose else []) + [self._seats]:
                if not seats.acquire(timeout=self._wait):
                    raise RoomFull
                held.callback(seats.release)
            yield

    def _own(self, whose: str) -> threading.BoundedSemaphore:
        with self._lock:
            own = self._of.get(whose)
            if own is None:
                own = self._of[whose] = threading.BoundedSemaphore(EACH)
            return own
