"""Backup codes: one use each, instead of a second factor.  They never replace the passphrase.

A code has 55 random bits, so even an attacker with the database and the pepper needs 2^54 Argon2
runs a code on average.
"""

from __future__ import annotations

from collections.abc import Sequence

from portal.crypto.handwriting import BadCode
from portal.crypto.paper_codes import PARAMS, Shape

__all__ = ["PARAMS", "SHAPE", "BadCode", "hash_code", "matches", "new_codes"]

SHAPE = Shape(11, "portal/v1/backup-code", "a backup code has three groups of four letters")


def new_codes(n: int = 10) -> list[str]:
    """`n` different codes of three groups of four letters; the last letter checks the others."""
    return SHAPE.new(n)


def hash_code(code: str, salt: bytes, pepper: bytes) -> bytes:
    """32 bytes to keep instead of the code; raises `BadCode` on a slip, before any work."""
    return SHAPE.hash(code, salt, pepper)


def matches(code: str, hashes: Sequence[bytes], salt: bytes, *peppers: bytes) -> int | None:
    """Which of the kept `hashes` this code has, or None; raises `BadCode` on a slip."""
    return SHAPE.matches(code, hashes, salt, peppers)
