"""Codes on paper that work once each: kept as Argon2id hashes, with one salt a sheet.

Even an attacker with the database and the pepper pays an Argon2 for each guess at a sheet; OWASP's
minimum (19 MiB, 2 passes) is price enough. NIST SP 800-63B asks for a salted slow hash below 112
bits and a rate limit below 64: the second stands at sign-in. One salt a sheet, so that trying a
code against all of it costs one Argon2.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from portal.crypto.argon import Params, argon2id
from portal.crypto.derive import derive
from portal.crypto.handwriting import ALPHABET, BadCode, check_letter, grouped, ungrouped

PARAMS = Params(memory_kib=19 * 1024, iterations=2, lanes=1)


@dataclass(frozen=True, slots=True)
class Shape:
    """Letters of one kind of code: so many random ones and one that checks them."""

    random_letters: int
    label: str
    words: str

    def new(self, n: int) -> list[str]:
        """`n` different codes in groups of four letters, in no order.

        None is of digits alone, so that it cannot be taken for the code of a fob.
        """
        codes: set[str] = set()
        while len(codes) < n:
            letters = "".join(secrets.choice(ALPHABET) for _ in range(self.random_letters))
            letters += check_letter(letters)
            if not letters.isdigit():
                codes.add(grouped(letters))
        return sorted(codes, key=lambda _: secrets.randbits(64))

    def hash(self, code: str, salt: bytes, pepper: bytes) -> bytes:
        """32 bytes to keep instead of the code. `salt` is the sheet's, at least 16 bytes.

        Raises `BadCode` on a slip, before any work: a mistyped code costs no Argon2.
        """
        return self._peppered(self._stretched(code, salt), salt, pepper)

    def matches(
        self, code: str, hashes: Sequence[bytes], salt: bytes, peppers: Sequence[bytes]
    ) -> int | None:
        """Which of the kept `hashes` this code has under any of the peppers, or None.

        One Argon2; every hash is compared. Raises `BadCode` on a slip. The caller strikes the
        hash out in the same transaction.
        """
        stretched = self._stretched(code, salt)
        tried = [self._peppered(stretched, salt, pepper) for pepper in peppers]
        found = None
        for index, kept in enumerate(hashes):
            for each in tried:
                if hmac.compare_digest(each, kept):
                    found = index
        return found

    def _stretched(self, code: str, salt: bytes) -> bytes:
        letters = ungrouped(code)
        if len(letters) != self.random_letters + 1:
            raise BadCode(self.words)
        if check_letter(letters[:-1]) != letters[-1]:
            raise BadCode("there is a slip in this code: compare it with your paper")
        return argon2id(letters.encode(), salt, PARAMS, PARAMS)

    def _peppered(self, stretched: bytes, salt: bytes, pepper: bytes) -> bytes:
        return derive(stretched + pepper, self.label, salt=salt)
