"""Joining words: seven random words that are spoken to one person, who joins and opens with them.

They give two key pairs: one opens what was sealed to the words, the other signs that the key which
was made with them is their holder's. Seven words of 7,772 are 90 bits, each guess costs an Argon2
and needs the server's pepper, and the words are bound to one person. Nothing of them is kept but
the two public halves.
"""

from __future__ import annotations

import secrets
import unicodedata
from dataclasses import dataclass, field
from functools import cache

from portal.crypto import signing
from portal.crypto.age.hybrid import HybridIdentity
from portal.crypto.argon import BelowFloor, Params, argon2id
from portal.crypto.derive import derive
from portal.crypto.fingerprint import fingerprint, word_list
from portal.crypto.unlock import DEFAULT, FLOOR, PEPPER_SIZE

__all__ = ["COUNT", "BadWords", "BelowFloor", "WordsKey", "from_words", "new_words", "read_words"]

COUNT = 7


class BadWords(ValueError):
    """These are not seven words of the list: `str()` of it says which, and repeats none."""


@dataclass(frozen=True, slots=True)
class WordsKey:
    """What seven words give: a raw 32-byte hybrid seed and an Ed25519 seed. Secret."""

    seed: bytes = field(repr=False)
    signing_seed: bytes = field(repr=False)

    def opener(self) -> HybridIdentity:
        """The identity, ready to open headers."""
        return HybridIdentity(self.seed)

    def recipient(self) -> bytes:
        """The raw public key, 1216 bytes."""
        return self.opener().recipient().raw

    def sign_public(self) -> bytes:
        """The raw Ed25519 public key."""
        return signing.public_key(self.signing_seed)

    def fingerprint(self) -> str:
        """Of both public halves, in hex, as of every key."""
        return fingerprint(self.recipient(), self.sign_public())


@cache
def _spoken() -> tuple[str, ...]:
    # Four words of the list have a dash inside, which nobody hears.
    return tuple(word for word in word_list() if word.isalpha())


def new_words() -> tuple[str, ...]:
    """Seven words, drawn with the operating system's randomness."""
    return tuple(secrets.choice(_spoken()) for _ in range(COUNT))


def read_words(typed: str) -> tuple[str, ...]:
    """The seven words as typed: capitals, commas and line ends make no difference.

    Raises BadWords where a word is not of the list, which is public: it tells nobody whether the
    others are right.
    """
    normal = unicodedata.normalize("NFKC", typed).lower()
    found = normal.replace(",", " ").replace(".", " ").replace("-", " ").split()
    known = frozenset(_spoken())
    if len(found) != COUNT:
        raise BadWords(f"There are {COUNT} words. You typed {len(found)}.")
    for number, word in enumerate(found, 1):
        if word not in known:
            raise BadWords(
                f"Word {number} is not one of the words that are used. Look at how it is spelt."
            )
    return tuple(found)


def from_words(
    words: tuple[str, ...],
    salt: bytes,
    pepper: bytes,
    person_id: str,
    params: Params = DEFAULT,
    *,
    floor: Params = FLOOR,
) -> WordsKey:
    """The key pairs of these words, for this person alone. Slow: one Argon2.

    `salt` is the words' own, at least 16 bytes. Raises `BelowFloor` on stored parameters that were
    lowered.
    """
    if len(pepper) != PEPPER_SIZE:
        raise ValueError("the pepper has 32 bytes")
    stretched = argon2id(" ".join(words).encode(), salt, params, floor)
    secret = stretched + pepper
    return WordsKey(
        derive(secret, "portal/v1/joining-words/open", person_id, salt=salt),
        derive(secret, "portal/v1/joining-words/sign", person_id, salt=salt),
    )
