"""Reading: lines of a header first, then raw bytes, from anything that can be read."""

from __future__ import annotations

from typing import Protocol

_LINE_BLOCK = 4096


class Readable(Protocol):
    """A binary reader.  Short reads are fine; an empty answer means the end."""

    def read(self, size: int, /) -> bytes: ...


class Source:
    """Wraps a reader so that a header's lines can be read without losing the bytes behind them.

    Constant memory.  Relies on `read` alone: some servers' request streams have no `readinto`.
    """

    def __init__(self, reader: Readable) -> None:
        self._reader = reader
        self._ahead = b""

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
            block = self._reader.read(len(buffer) - filled)
            if not block:
                break
            buffer[filled : filled + len(block)] = block
            filled += len(block)
        return filled

    def read(self, size: int, /) -> bytes:
        """Up to `size` bytes; empty at the end."""
        if self._ahead:
            block, self._ahead = self._ahead[:size], self._ahead[size:]
            return block
        return self._reader.read(size)
