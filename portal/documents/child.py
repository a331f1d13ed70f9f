"""Runs one task on foreign bytes in a limited child process.

The child gets its bytes through a pipe and answers through a pipe. It has no environment of
ours, no open files of ours, a folder for temporary files that does not exist, and the limits
`boxed.confine` sets before the first foreign byte is read; where the kernel can, it is cut off from
files and network as well (`state.cut_off` says whether). Whatever it answers is read as foreign
bytes too. It has one task and then ends; the next one, which has seen nothing, has started by then
(spare.py).
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from portal.documents import pump
from portal.documents.boxed import frames
from portal.documents.limits import Limits
from portal.documents.refusal import RefusalCode, RefusedPaper
from portal.documents.spare import Spare

_ROOM: Final = Path(__file__).resolve().parent
# The packages above `boxed` are stood in for, so that the child loads neither the web nor keys.
_START: Final = (
    "import sys, types\n"
    "for name, path in (('portal', sys.argv[1]), ('portal.documents', sys.argv[2])):\n"
    "    module = types.ModuleType(name); module.__path__ = [path]; sys.modules[name] = module\n"
    "from portal.documents.boxed.door import main\n"
    "main()\n"
)
# Memory touched for the first time costs the kernel more than what is done with it: large pages
# are touched seldom. What is freed is kept, as no child lives long (glibc; others ignore it).
_MEMORY: Final = "glibc.malloc.hugetlb=1:glibc.malloc.mmap_threshold=33554432"
_ENVIRONMENT: Final = {
    "LANG": "C.UTF-8",
    "TMPDIR": "/nonexistent",
    "PYTHONDONTWRITEBYTECODE": "1",
    "GLIBC_TUNABLES": _MEMORY,
}
_AT_ONCE: Final = max(2, os.cpu_count() or 2)
# Whoever reads has seats of their own: an upload that burns its time keeps no page waiting.
_READING: Final = frozenset({"draw", "leaf", "find", "stamp", "changes"})
_READERS_SEATS: Final = threading.BoundedSemaphore(_AT_ONCE)
_OTHER_SEATS: Final = threading.BoundedSemaphore(_AT_ONCE)
_LONGEST_WAIT: Final = 60.0  # seconds for a seat: then somebody is told to try again


class NoSeat(Exception):
    """As many children as may are at work, for too long. Trying again in a minute is right."""


def run(
    task: str, asked: Mapping[str, object], blobs: Sequence[bytes], limits: Limits
) -> tuple[dict[str, object], list[bytes]]:
    """Run `task` of `boxed.door` and return its answer and byte strings.

    Raises RefusedPaper: for the reason the child gives, or when it crashes, is killed by a
    limit, takes longer than `limits.wall_seconds` or answers something that is no answer.
    NoSeat: when none was free for a minute; the file was not looked at.
    """
    frame = frames.pack({"task": task, "asked": dict(asked), "limits": _told(limits)}, blobs)
    seats = _READERS_SEATS if task in _READING else _OTHER_SEATS
    if not seats.acquire(timeout=_LONGEST_WAIT):
        raise NoSeat
    try:
        code, answer = _exchange(frame, limits)
    finally:
        seats.release()
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
        "unpacked": limits.unpacked,
        "part": limits.part,
        "entries": limits.entries,
        "ratio": limits.ratio,
        "attached": limits.attached,
        "pixels": limits.pixels,
        "memory": limits.memory,
        "cpu_seconds": limits.cpu_seconds,
    }


def _why_killed(code: int) -> RefusalCode:
    if code in {-signal.SIGXCPU, -signal.SIGKILL}:
        return RefusalCode.TOOK_TOO_LONG
    return RefusalCode.HOSTILE


def _started() -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-I", "-c", _START, str(_ROOM.parent), str(_ROOM)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=_ENVIRONMENT,
        cwd="/",
        start_new_session=True,
        bufsize=0,
    )


_SPARE: Final = Spare(_started)


def _exchange(frame: Sequence[bytes], limits: Limits) -> tuple[int, list[bytes]]:
    try:
        child = _SPARE.take()
    except OSError as unable:
        raise RefusedPaper(RefusalCode.NOT_CHECKED) from unable
    try:
        return pump.exchange(child, frame, limits.wall_seconds, limits.answer)
    except pump.OverTime as late:
        raise RefusedPaper(RefusalCode.TOOK_TOO_LONG) from late
    except pump.OverSize as large:
        raise RefusedPaper(RefusalCode.TOO_HEAVY) from large
