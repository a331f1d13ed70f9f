"""The recovery code: 160 random bits on paper, which replace a forgotten passphrase.

Never a second factor: whoever uses it still needs their code app or a backup code.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

from portal.crypto.handwriting import (
    ALPHABET,
    GROUP,
    BadCode,
    from_letters,
    grouped,
    to_letters,
    ungrouped,
)

__all__ = ["SIZE", "BadCode", "new_recovery_code", "parse_recovery_code"]

SIZE = 20
_LETTERS = 32
_CHECK_LETTERS = 4


def new_recovery_code() -> str:
    """A new code: nine groups of four letters, of which the last one checks the others."""
    raw = secrets.token_bytes(SIZE)
    return grouped(to_letters(raw) + _check(raw))


def parse_recovery_code(typed: str) -> bytes:
    """The 20 bytes of a typed code; forgiving of case, spaces, dashes, O for 0 and I for 1.

    Raises `BadCode`, with words for the person who typed it: of a single wrong letter, or of two
    neighbours changed about, they say in which part. A slip passes once in a million.
    """
    letters = ungrouped(typed)
    if len(letters) != _LETTERS + _CHECK_LETTERS:
        raise BadCode("a recovery code has nine groups of four letters")
    raw = from_letters(letters[:_LETTERS])
    if not hmac.compare_digest(_check(raw), letters[_LETTERS:]):
        part = _part_with_slip(letters)
        where = f"in part {part} of" if part else "in"
        raise BadCode(f"there is a slip {where} this recovery code: compare it with your paper")
    return raw


def _part_with_slip(letters: str) -> int | None:
    """Which group of four, from 1, would pass if one letter of it were another, or two neighbours
    were changed about; None where neither is enough. It looks at what was typed alone, so it tells
    nobody anything of a code that they do not hold."""
    for at in range(len(letters)):
        swapped = letters[:at] + letters[at + 1 : at + 2] + letters[at] + letters[at + 2 :]
        others = (letters[:at] + other + letters[at + 1 :] for other in ALPHABET)
        if any(_passes(each) for each in (swapped, *others)):
            return at // GROUP + 1
    return None


def _passes(letters: str) -> bool:
    return _check(from_letters(letters[:_LETTERS])) == letters[_LETTERS:]


def _check(raw: bytes) -> str:
    digest = hashlib.sha256(b"portal/v1/recovery-check\0" + raw).digest()
    return to_letters(digest[:5])[:_CHECK_LETTERS]
