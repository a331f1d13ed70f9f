"""The limits a child puts on itself before it reads a foreign byte."""

from __future__ import annotations

import ctypes
import resource
import sys

from portal.documents.boxed.cutoff import cut_off

_SET_PARENT_DEATH_SIGNAL = 1
_SET_DUMPABLE = 4
_SET_NO_NEW_PRIVILEGES = 38
_KILL = 9


def confine(memory: int, cpu_seconds: int) -> None:
    """Bound memory (bytes) and processor time; forbid writing, core dumps and new processes, and
    cut off from files and network what the kernel lets it (cutoff.py).

    None of it can be undone by the child. Where the kernel cannot cut it off, a file may be
    read, or created without a byte in it. New processes are forbidden to ordinary users only, as
    the kernel exempts root.
    """
    if sys.platform == "linux":
        control = ctypes.CDLL(None).prctl
        control(_SET_PARENT_DEATH_SIGNAL, _KILL, 0, 0, 0)
        control(_SET_DUMPABLE, 0, 0, 0, 0)
        control(_SET_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    for what, most in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, 16),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, cpu_seconds),
    ):
        resource.setrlimit(what, (most, most))
    cut_off()  # last: nobody's limits can be set after it
