"""One child that has started before it is needed, so that nobody waits while it loads its code.

Each does one task and ends; what waits here has seen no byte of any file. It ends by itself when
the portal does, as its standard input ends then.
"""

from __future__ import annotations

import atexit
import os
import queue
import subprocess
import threading
from collections.abc import Callable
from typing import Final

# What waits may have been ended, or failed to start, long before it is asked for: whoever asks now
# shall not pay for that.
_TRIES: Final = 3

Start = Callable[[], "subprocess.Popen[bytes]"]


class Spare:
    """Keeps one started child ahead of those that are asked for, from the first one on.

    All are started by one thread that lives as long as the portal: the kernel ends a child when
    the thread that started it ends, whoever talks to it.
    """

    def __init__(self, start: Start) -> None:
        """`start` starts a child, or raises OSError."""
        self._start = start
        self._lock = threading.Lock()
        self._running = False
        self._wanted = threading.Semaphore(0)
        self._ready: queue.SimpleQueue[subprocess.Popen[bytes] | OSError] = queue.SimpleQueue()
        os.register_at_fork(after_in_child=self._begin_anew)
        atexit.register(self.end)

    def take(self) -> subprocess.Popen[bytes]:
        """A child for one task. Raises OSError when none can be started."""
        with self._lock:
            if not self._running:
                self._running = True
                threading.Thread(target=self._keep, name="spare child", daemon=True).start()
                self._wanted.release()
        unable: OSError | None = None
        for _ in range(_TRIES):
            child = self._next()
            if isinstance(child, OSError):
                unable = child
            elif child.poll() is None:
                return child
            else:
                _close(child)
        raise unable or ChildProcessError("every child ended before it had a task")

    def end(self) -> None:
        """End the child that waits."""
        while not self._ready.empty():
            waiting = self._ready.get()
            if not isinstance(waiting, OSError):
                waiting.kill()
                _close(waiting)

    def _begin_anew(self) -> None:
        """In a forked process: what waits belongs to the other one."""
        left = self._ready
        self._lock, self._running = threading.Lock(), False
        self._wanted, self._ready = threading.Semaphore(0), queue.SimpleQueue()
        while not left.empty():
            waiting = left.get()
            if not isinstance(waiting, OSError):
                _let_go(waiting)

    def _next(self) -> subprocess.Popen[bytes] | OSError:
        self._wanted.release()
        return self._ready.get()

    def _keep(self) -> None:
        while True:
            self._wanted.acquire()
            try:
                self._ready.put(self._start())
            except OSError as unable:
                self._ready.put(unable)


def _close(child: subprocess.Popen[bytes]) -> None:
    with child:
        pass


def _let_go(child: subprocess.Popen[bytes]) -> None:
    for pipe in (child.stdin, child.stdout):
        if pipe is not None:
            pipe.close()
    child.returncode = 0
