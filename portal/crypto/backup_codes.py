"""Backup codes: one use each, instead of the code app.  They never replace the passphrase.

A code has 55 random bits, so even an attacker with the database and the pepper needs 2^54 Argon2
runs a code on average; OWASP's minimum (19 MiB, 2 passes) is price enough.  NIST SP 800-63B asks
for a salted slow hash below 112 bits and a rate limit below 64: the second stands at sign-in.
One salt a person, so that trying a code against all ten costs one Argon2, not ten.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Sequence

from portal.crypto.argon import Params, argon2id
from portal.crypto.derive import derive
from portal.crypto.handwriting import ALPHABET, BadCode, check_letter, grouped, ungrouped

__all__ = ["PARAMS", "BadCode", "hash_code", "matches", "new_codes"]

PARAMS = Params(memory_kib=19 * 1024, iterations=2, lanes=1)
_RANDOM_LETTERS = 11


def new_codes(n: int = 10) -> list[str]:
    """`n` different codes of three groups of four letters; the last letter checks the others."""
    codes: set[str] = set()
    while len(codes) < n:
        letters = "".join(secrets.choice(ALPHABET) for _ in range(_RANDOM_LETTERS))
        codes.add(grouped(letters + check_letter(letters)))
    return sorted(codes, key=lambda _: secrets.randbits(64))


def hash_code(code: str, salt: bytes, pepper: bytes) -> bytes:
    """32 bytes to keep instead of the code.  `salt` is the person's, at least 16 bytes.

    Raises `BadCode` on a slip, before any work: a mistyped code costs no try.
    """
    letters = ungrouped(code)
    if len(letters) != _RANDOM_LETTERS + 1:
        raise BadCode("a backup code has three groups of four letters")
    if check_letter(letters[:-1]) != letters[-1]:
        raise BadCode("there is a slip in this backup code: compare it with your paper")
    stretched = argon2id(letters.encode(), salt, PARAMS, PARAMS)
    return derive(stretched + pepper, "portal/v1/backup-code", salt=salt)


def matches(code: str, hashes: Sequence[bytes], salt: bytes, pepper: bytes) -> int | None:
    """Which of the kept `hashes` this code has, or None.  One Argon2; every hash is compared.

    Raises `BadCode` on a slip.  The caller strikes the hash out in the same transaction.
    """
    tried = hash_code(code, salt, pepper)
    found = None
    for index, kept in enumerate(hashes):
        if hmac.compare_digest(tried, kept):
            found = index
    return found
