"""The codes of a printed card: two groups of four letters, typed every day by whoever has no phone.

35 random bits: guessing online meets the limit on wrong codes (40 codes and five tries a while),
and offline needs the pepper too, with which the secrets of code apps fall for nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

from portal.crypto.handwriting import BadCode
from portal.crypto.paper_codes import Shape

__all__ = ["LETTERS", "SHAPE", "BadCode", "hash_code", "matches", "new_codes"]

LETTERS = 8
SHAPE = Shape(LETTERS - 1, "portal/v1/card-code", "a code of a card has two groups of four letters")


def new_codes(n: int) -> list[str]:
    """`n` different codes of two groups of four letters; the last letter checks the others."""
    return SHAPE.new(n)


def hash_code(code: str, salt: bytes, pepper: bytes) -> bytes:
    """32 bytes to keep instead of the code; raises `BadCode` on a slip, before any work."""
    return SHAPE.hash(code, salt, pepper)


def matches(code: str, hashes: Sequence[bytes], salt: bytes, *peppers: bytes) -> int | None:
    """Which of the kept `hashes` this code has, or None; raises `BadCode` on a slip."""
    return SHAPE.matches(code, hashes, salt, peppers)
