"""Long random tokens that travel in links and cookies while only their hash is stored."""

from __future__ import annotations

import hashlib
import hmac
import secrets

_BYTES = 32


def new_token() -> tuple[str, bytes]:
    """Return a fresh token of 256 bits (43 URL-safe characters) and the 32-byte hash to store."""
    token = secrets.token_urlsafe(_BYTES)
    return token, hash_of(token)


def hash_of(token: str) -> bytes:
    """Return the SHA-256 a row may hold.

    A plain hash is enough: 256 random bits cannot be guessed (ASVS V6.5.2 asks for a slow hash
    under 112 bits only). Any string may be given, also one that was never a token.
    """
    return hashlib.sha256(
        b"portal/v1/token\x00" + token.encode("utf-8", "backslashreplace")
    ).digest()


def matches(token: str, stored: bytes) -> bool:
    """Compare in constant time."""
    return hmac.compare_digest(hash_of(token), stored)
