"""How many papers may be in memory in the clear at once, so that a rush can't exhaust the machine.

A seat is held while a paper is examined, sealed, opened or stamped, which is when several copies
of it exist. Handing the finished bytes to a reader holds none: a slow reader keeps nobody waiting.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

SEATS = 8
WAIT_SECONDS = 20.0


class RoomFull(Exception):
    """No seat came free in time. Nothing was done; trying again in a minute is right."""


class ReadingRoom:
    """A bounded number of seats in one process."""

    def __init__(self, seats: int = SEATS, wait_seconds: float = WAIT_SECONDS) -> None:
        self._seats = threading.BoundedSemaphore(seats)
        self._wait = wait_seconds

    @contextmanager
    def seat(self) -> Iterator[None]:
        """Hold a seat for the block, waiting for one at most `wait_seconds`; raises RoomFull."""
        if not self._seats.acquire(timeout=self._wait):
            raise RoomFull
        try:
            yield
        finally:
            self._seats.release()
