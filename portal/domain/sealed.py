"""Sealed bytes: the only kind of document bytes that storage accepts.

A value of this type can only come out of sealing.  Storage takes `Sealed` and nothing else, so a
paper in the clear cannot be stored by mistake: it has the wrong type, and the wrong size.
"""

from __future__ import annotations

import hashlib
from dataclasses import InitVar, dataclass

CHUNK = 64 * 1024
TAG = 16
NONCE = 16

_SEALING = object()


def sealed_size(clear_size: int) -> int:
    """Size in bytes of an age payload (nonce, chunks, tags) for `clear_size` bytes of clear text.

    Source: age v1, "Payload": a 16-byte nonce, then chunks of 64 KiB, each with a 16-byte tag;
    an empty text is one empty chunk.
    """
    chunks = max(1, -(-clear_size // CHUNK))
    return NONCE + clear_size + TAG * chunks


@dataclass(frozen=True, slots=True)
class Sealed:
    """One sealed payload: its bytes, their SHA-256 in lower-case hex, and the clear size in bytes.

    Never construct it: `portal.crypto.sealing.seal_payload` does, through `sealed_by_crypto`.
    The constructor refuses anybody else, and refuses a body whose length no sealing can have.
    """

    body: bytes
    sha256: str
    clear_size: int
    made_by: InitVar[object] = None

    def __post_init__(self, made_by: object) -> None:
        if made_by is not _SEALING:
            raise TypeError("only sealing makes sealed bytes")
        if len(self.body) != sealed_size(self.clear_size):
            raise ValueError("these bytes are not a sealed payload of that size")

    def __repr__(self) -> str:
        return f"Sealed(sha256={self.sha256!r}, clear_size={self.clear_size})"


def sealed_by_crypto(body: bytes, clear_size: int) -> Sealed:
    """For the crypto room alone (a house test holds this): mark `body` as sealed."""
    return Sealed(body, hashlib.sha256(body).hexdigest(), clear_size, _SEALING)
