"""A worker that was used and then left alone ends, and gunicorn begins another in its place.

Python cannot wipe what it no longer needs: a passphrase, a key or a page that was handled stays in
freed memory until something else is written there. The kernel clears all memory of a process that
ends. So whoever looks into the memory of a server at night, or into what was swapped out of it,
finds nothing of the day.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from time import monotonic
from typing import Any

AFTER_SECONDS = 600.0
TICK_SECONDS = 1.0


class Renewal:
    """Watches one worker's requests. Only those with a cookie count, which is everybody who types
    or reads anything: neither a machine that asks for its health nor a stranger's robot keeps it.
    """

    def __init__(self, after: float, may_end: Callable[[], bool]) -> None:
        """`may_end` is asked last: a worker that doubts its clock stays, because its successor
        would know nothing of that."""
        self._after, self._may_end = after, may_end
        self._lock = threading.Lock()
        self._running = 0
        self._last: float | None = None
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._loop, name="renewal", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()

    def begins(self, request: Any) -> None:
        """A request is taken up."""
        with self._lock:
            self._running += 1
            if _has_cookie(request):
                self._last = monotonic()

    def ends(self, request: Any) -> None:
        """Its last byte went out, or it was broken off."""
        with self._lock:
            self._running -= 1
            if _has_cookie(request):
                self._last = monotonic()

    def is_due(self) -> bool:
        """Whether somebody was here, nobody is, and none was for long enough."""
        with self._lock:
            last, running = self._last, self._running
        return last is not None and not running and monotonic() - last >= self._after

    def _loop(self) -> None:
        while not self._stop.wait(TICK_SECONDS):
            if self.is_due() and self._may_end():
                # As an operator would end it: what has just come in is answered first.
                os.kill(os.getpid(), signal.SIGTERM)
                return


def _has_cookie(request: Any) -> bool:
    return any(name == "COOKIE" for name, _value in request.headers)
