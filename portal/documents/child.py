"""Runs one task on foreign bytes in a limited child process.

The child gets its bytes through a pipe and answers through a pipe. It has no environment of
ours, no open files of ours, a folder for temporary files that does not exist, and the limits
`boxed.confine` sets before the first foreign byte is read. It is not cut off from the network:
no such claim is made. Whatever it answers is read as foreign bytes too.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import selectors
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from portal.documents.boxed import frames
from portal.documents.limits import MIB, Limits
from portal.documents.refusal import RefusalCode, RefusedPaper

_ROOM: Final = Path(__file__).resolve().parent
# The packages above `boxed` are stood in for, so that the child loads neither the web nor keys.
_START: Final = (
    "import sys, types\n"
    "for name, path in (('portal', sys.argv[1]), ('portal.documents', sys.argv[2])):\n"
    "    module = types.ModuleType(name); module.__path__ = [path]; sys.modules[name] = module\n"
    "from portal.documents.boxed.door import main\n"
    "main()\n"
)
_ENVIRONMENT: Final = {"LANG": "C.UTF-8", "TMPDIR": "/nonexistent", "PYTHONDONTWRITEBYTECODE": "1"}
_AT_ONCE: Final = threading.BoundedSemaphore(max(2, os.cpu_count() or 2))
_PIECE: Final = 1 * MIB


def run(
    task: str, asked: Mapping[str, object], blobs: Sequence[bytes], limits: Limits
) -> tuple[dict[str, object], list[bytes]]:
    """Run `task` of `boxed.door` and return its answer and byte strings.

    Raises RefusedPaper: for the reason the child gives, or when it crashes, is killed by a
    limit, takes longer than `limits.wall_seconds` or answers something that is no answer.
    """
    frame = frames.pack({"task": task, "asked": dict(asked), "limits": _told(limits)}, blobs)
    with _AT_ONCE:
        code, answer = _exchange(frame, limits)
    if code != 0:
        raise RefusedPaper(_why_killed(code))
    try:
        header, parts = frames.unpack(answer)
    except ValueError as garbage:
        raise RefusedPaper(RefusalCode.HOSTILE) from garbage
    if "refused" in header:
        said = header["refused"]
        known = isinstance(said, str) and said in set(RefusalCode)
        raise RefusedPaper(RefusalCode(str(said)) if known else RefusalCode.HOSTILE)
    return header, parts


def _told(limits: Limits) -> dict[str, int]:
    return {
        "pages": limits.pages,
        "content": limits.content,
        "memory": limits.memory,
        "cpu_seconds": limits.cpu_seconds,
    }


def _why_killed(code: int) -> RefusalCode:
    if code in {-signal.SIGXCPU, -signal.SIGKILL}:
        return RefusalCode.TOOK_TOO_LONG
    return RefusalCode.HOSTILE


def _exchange(frame: Sequence[bytes], limits: Limits) -> tuple[int, bytes]:
    try:
        child = subprocess.Popen(
            [sys.executable, "-I", "-c", _START, str(_ROOM.parent), str(_ROOM)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_ENVIRONMENT,
            cwd="/",
            start_new_session=True,
            bufsize=0,
        )
    except OSError as unable:
        raise RefusedPaper(RefusalCode.NOT_CHECKED) from unable
    with child:
        try:
            answer = _pump(child, frame, limits)
            return child.wait(timeout=limits.wall_seconds), answer
        except (TimeoutError, subprocess.TimeoutExpired) as late:
            raise RefusedPaper(RefusalCode.TOOK_TOO_LONG) from late
        finally:
            if child.poll() is None:
                _end(child)


def _end(child: subprocess.Popen[bytes]) -> None:
    try:
        os.killpg(child.pid, signal.SIGKILL)
    except ProcessLookupError:
        child.kill()


def _pump(child: subprocess.Popen[bytes], frame: Sequence[bytes], limits: Limits) -> bytes:
    """Write the frame and read the answer at the same time, within size and time."""
    if child.stdin is None or child.stdout is None:
        raise RefusedPaper(RefusalCode.NOT_CHECKED)
    until = time.monotonic() + limits.wall_seconds
    waiting = [memoryview(part) for part in reversed(frame) if part]
    got: list[bytes] = []
    size = 0
    os.set_blocking(child.stdin.fileno(), False)
    for pipe in (child.stdin, child.stdout):
        _widen(pipe.fileno())
    with selectors.DefaultSelector() as ready:
        ready.register(child.stdin, selectors.EVENT_WRITE)
        ready.register(child.stdout, selectors.EVENT_READ)
        while ready.get_map():
            left = until - time.monotonic()
            if left <= 0:
                raise TimeoutError
            for key, _ in ready.select(left):
                if key.fileobj is child.stdin:
                    if not _feed(child.stdin.fileno(), waiting):
                        ready.unregister(child.stdin)
                        child.stdin.close()
                    continue
                piece = os.read(child.stdout.fileno(), _PIECE)
                if not piece:
                    ready.unregister(child.stdout)
                got.append(piece)
                size += len(piece)
                if size > limits.answer:
                    raise RefusedPaper(RefusalCode.TOO_HEAVY)
    return b"".join(got)


def _widen(pipe: int) -> None:
    """Let more through at a time where the kernel allows it; slower otherwise, no less right."""
    with contextlib.suppress(OSError, AttributeError):
        fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIECE)


def _feed(pipe: int, waiting: list[memoryview]) -> bool:
    """Write what the pipe takes now; False when all is written or the child stopped reading."""
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
