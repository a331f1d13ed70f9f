"""How much a foreign file may ask of this machine."""

from __future__ import annotations

from dataclasses import dataclass

MIB = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """Upper bounds for one file and for the child processes that read it.

    Sizes in bytes, times in seconds. `content` bounds what one compressed stream, and all page
    instructions together, may unpack to. `unpacked`, `part`, `entries` and `ratio` bound a Word
    file: all of it, one part of text, how many parts, and how many times its packed size one
    part may be. `attached` is how many files may be attached to a PDF. `pixels` bounds one
    picture. `cpu_seconds` counts in the child only; `wall_seconds` is how long the caller waits
    at most. The two `convert_` ones are those of the sandbox in which a Word file becomes
    pages. `recognise_seconds` is for the words of all pages of one file that are pictures;
    pages that are not reached in it stay without words, and the sender is told which.
    `scan_seconds` is what the virus scanner may take for one upload and all that is attached to it.
    """

    bytes: int = 50 * MIB
    pages: int = 2000
    content: int = 64 * MIB
    unpacked: int = 200 * MIB
    part: int = 40 * MIB
    entries: int = 3000
    ratio: int = 120
    attached: int = 200
    pixels: int = 80_000_000
    answer: int = 200 * MIB
    memory: int = 2048 * MIB
    cpu_seconds: int = 9
    wall_seconds: float = 30.0
    convert_memory: int = 4096 * MIB
    convert_seconds: float = 60.0
    recognise_seconds: float = 50.0
    scan_seconds: float = 120.0
