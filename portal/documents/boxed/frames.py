"""The one shape of message between the portal and its child.

Four bytes with the header's length (big-endian), a JSON object, then the byte strings, whose
lengths stand in the header under "sizes".
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence

_MOST_HEADER = 8 * 1024 * 1024

Read = Callable[[int], bytes]
"""Gives so many of the next bytes; fewer only where a message ends too early."""


def pack(header: Mapping[str, object], blobs: Sequence[bytes]) -> list[bytes]:
    """The message as pieces to be written one after the other."""
    text = json.dumps({**header, "sizes": [len(blob) for blob in blobs]}).encode()
    return [len(text).to_bytes(4, "big") + text, *blobs]


def read_header(read: Read) -> tuple[dict[str, object], list[int]]:
    """The header, and the lengths of the byte strings that follow it. Raises ValueError."""
    size = int.from_bytes(read(4), "big")
    if size > _MOST_HEADER:
        raise ValueError("no message")
    try:
        header = json.loads(read(size))
    except RecursionError as deep:
        raise ValueError("no message") from deep
    if not isinstance(header, dict):
        raise ValueError("no message")
    sizes = header.pop("sizes", None)
    if not isinstance(sizes, list) or not all(type(n) is int and n >= 0 for n in sizes):
        raise ValueError("no message")
    return header, sizes


def read_blobs(read: Read, sizes: Sequence[int]) -> list[bytes]:
    """The byte strings. Raises ValueError when there are fewer bytes than that."""
    blobs = [read(size) for size in sizes]
    if [len(blob) for blob in blobs] != list(sizes):
        raise ValueError("no message")
    return blobs


def unpack(pieces: Iterable[bytes]) -> tuple[dict[str, object], list[bytes]]:
    """Header and byte strings of a message that arrived in pieces.

    Raises ValueError for anything that is not exactly a message.
    """
    arrived = _Arrived(pieces)
    header, sizes = read_header(arrived.read)
    blobs = read_blobs(arrived.read, sizes)
    if arrived.read(1):
        raise ValueError("no message")
    return header, blobs


class _Arrived:
    """Pieces, read as one without being joined first: a pack would be held twice."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._left = deque(memoryview(piece) for piece in pieces)

    def read(self, size: int) -> bytes:
        taken: list[memoryview] = []
        while size and self._left:
            piece = self._left.popleft()
            if len(piece) > size:
                self._left.appendleft(piece[size:])
                piece = piece[:size]
            taken.append(piece)
            size -= len(piece)
        return b"".join(taken)
