"""Talks to a child process through its pipes: within a size, within a time, and to its end."""

from __future__ import annotations

import contextlib
import fcntl
import os
import selectors
import signal
import subprocess
import time
from collections.abc import Sequence
from typing import Final

_PIECE: Final = 1024 * 1024


class OverTime(Exception):
    """The child took longer than it may; it is gone, with all of its group."""


class OverSize(Exception):
    """The child answered more than it may; it is gone, with all of its group."""


def exchange(
    child: subprocess.Popen[bytes], told: Sequence[bytes], seconds: float, most: int
) -> tuple[int, list[bytes]]:
    """Write `told`, read at most `most` bytes, wait for the end: exit code and answer in pieces.

    The child must have been started in a session of its own. Raises OverTime or OverSize.
    """
    with child:
        try:
            until = time.monotonic() + seconds
            answer = _pump(child, told, until, most)
            return child.wait(timeout=max(0.0, until - time.monotonic())), answer
        except subprocess.TimeoutExpired as late:
            raise OverTime from late
        finally:
            if child.poll() is None:
                _end(child)


def _end(child: subprocess.Popen[bytes]) -> None:
    try:
        os.killpg(child.pid, signal.SIGKILL)
    except ProcessLookupError:
        child.kill()


def _pump(
    child: subprocess.Popen[bytes], told: Sequence[bytes], until: float, most: int
) -> list[bytes]:
    """Write and read at the same time, so that neither side waits for the other."""
    waiting = [memoryview(part) for part in reversed(told) if part]
    got: list[bytes] = []
    size = 0
    with selectors.DefaultSelector() as ready:
        if child.stdin is not None:
            os.set_blocking(child.stdin.fileno(), False)
            _widen(child.stdin.fileno())
            ready.register(child.stdin, selectors.EVENT_WRITE)
        if child.stdout is not None:
            _widen(child.stdout.fileno())
            ready.register(child.stdout, selectors.EVENT_READ)
        while ready.get_map():
            left = until - time.monotonic()
            if left <= 0:
                raise OverTime
            for key, _ in ready.select(left):
                if child.stdin is not None and key.fileobj is child.stdin:
                    if not _feed(key.fd, waiting):
                        ready.unregister(child.stdin)
                        child.stdin.close()
                    continue
                piece = os.read(key.fd, _PIECE)
                if not piece:
                    ready.unregister(key.fileobj)
                got.append(piece)
                size += len(piece)
                if size > most:
                    raise OverSize
    return got


def _widen(pipe: int) -> None:
    """Let more through at a time where the kernel allows it; slower otherwise, no less right."""
    with contextlib.suppress(OSError, AttributeError):
        fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIECE)


def _feed(pipe: int, waiting: list[memoryview]) -> bool:
    """Write what the pipe takes now; False when all is written or the child stopped reading."""
    if not waiting:
        return False
    try:
        written = os.write(pipe, waiting[-1][:_PIECE])
    except BlockingIOError:
        return True
    except BrokenPipeError:
        return False
    waiting[-1] = waiting[-1][written:]
    if not waiting[-1]:
        waiting.pop()
    return bool(waiting)
