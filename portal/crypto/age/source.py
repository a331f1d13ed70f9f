"""Reading: lines of a header first, then raw bytes, from anything that can be read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

_LINE_BLOCK = 4096


ReadInto = Callable[[memoryview], int | None]


class Readable(Protocol):
    """A binary reader.  Short reads are fine; an empty answer means the end."""

    def read(self, size: int, /) -> bytes: ...


class Source:
    """Wraps a reader so that a header's lines can be read without losing the bytes behind them.

    Constant memory.  Relies on `read` alone, and uses `readinto` where there is one.
    """

    def __init__(self, reader: Readable) -> None:
        self._reader = reader
        self._ahead = b""
        # Files copy once less this way; some servers' request streams do not have it.
        self._readinto: ReadInto | None = getattr(reader, "readinto", None)

    def line(self, limit: int) -> bytes:
        """The next line with its LF; without one if the source ends, or `limit` comes, first."""
        while (end := self._ahead.find(b"\n", 0, limit)) < 0 and len(self._ahead) < limit:
            block = self._reader.read(_LINE_BLOCK)
            if not block:
                break
            self._ahead += block
        cut = min(limit, len(self._ahead)) if end < 0 else end + 1
        line, self._ahead = self._ahead[:cut], self._ahead[cut:]
        return line

    def peek(self, size: int) -> bytes:
        """Up to `size` of the next bytes, which stay to be read; fewer only at the end."""
        while len(self._ahead) < size:
            block = self._reader.read(_LINE_BLOCK)
            if not block:
                break
            self._ahead += block
        return self._ahead[:size]

    def fill(self, buffer: memoryview) -> int:
        """Reads until `buffer` is full or the source ends; returns how many bytes were read."""
        filled = min(len(buffer), len(self._ahead))
        buffer[:filled] = self._ahead[:filled]
        self._ahead = self._ahead[filled:]
        while filled < len(buffer):
            got = self._into(buffer[filled:])
            if not got:
                break
            filled += got
        return filled

    def _into(self, buffer: memoryview) -> int:
        if self._readinto is not None:
            return self._readinto(buffer) or 0
        block = self._reader.read(len(buffer))
        buffer[: len(block)] = block
        return len(block)

    def read(self, size: int, /) -> bytes:
        """Up to `size` bytes; empty at the end."""
        if self._ahead:
            block, self._ahead = self._ahead[:size], self._ahead[size:]
            return block
        return self._reader.read(size)
