"""How much a foreign file may ask of this machine."""

from __future__ import annotations

from dataclasses import dataclass

MIB = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """Upper bounds for one file and for the child process that reads it.

    Sizes in bytes, times in seconds. `content` bounds what one compressed stream, and all
    page instructions together, may unpack to. `cpu_seconds` counts in the child only;
    `wall_seconds` is how long the caller waits at most.
    """

    bytes: int = 50 * MIB
    pages: int = 2000
    content: int = 64 * MIB
    answer: int = 200 * MIB
    memory: int = 2048 * MIB
    cpu_seconds: int = 9
    wall_seconds: float = 30.0
