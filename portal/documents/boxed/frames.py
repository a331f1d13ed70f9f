"""The one shape of message between the portal and its child.

Four bytes with the header's length (big-endian), a JSON object, then the byte strings, whose
lengths stand in the header under "sizes".
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

_MOST_HEADER = 8 * 1024 * 1024


def pack(header: Mapping[str, object], blobs: Sequence[bytes]) -> list[bytes]:
    """The message as pieces to be written one after the other."""
    text = json.dumps({**header, "sizes": [len(blob) for blob in blobs]}).encode()
    return [len(text).to_bytes(4, "big") + text, *blobs]


def unpack(message: bytes) -> tuple[dict[str, object], list[bytes]]:
    """Header and byte strings. Raises ValueError for anything that is not exactly a message."""
    size = int.from_bytes(message[:4], "big")
    if len(message) < 4 + size or size > _MOST_HEADER:
        raise ValueError("no message")
    try:
        header = json.loads(message[4 : 4 + size])
    except RecursionError as deep:
        raise ValueError("no message") from deep
    if not isinstance(header, dict):
        raise ValueError("no message")
    sizes = header.pop("sizes", None)
    if not isinstance(sizes, list) or not all(type(n) is int and n >= 0 for n in sizes):
        raise ValueError("no message")
    at = 4 + size
    if at + sum(sizes) != len(message):
        raise ValueError("no message")
    blobs = []
    for length in sizes:
        blobs.append(message[at : at + length])
        at += length
    return header, blobs
