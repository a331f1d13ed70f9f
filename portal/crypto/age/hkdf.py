"""HKDF-SHA256 (RFC 5869), the one key derivation of the age format and of the portal."""

from __future__ import annotations

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


def hkdf(secret: bytes, salt: bytes | None, info: bytes, length: int = 32) -> bytes:
    """`length` bytes (at most 8160) derived from `secret`, with `salt` and `info`."""
    return HKDF(hashes.SHA256(), length, salt, info).derive(secret)
