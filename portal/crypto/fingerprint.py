"""Fingerprints of public keys, the words that people read to each other, and word passphrases."""

from __future__ import annotations

import hashlib
import secrets
from functools import cache
from importlib import resources

from portal.crypto.derive import labelled

_LABEL = "portal/v1/fingerprint"
_LIST_SIZE = 7776
_WORDS = 6


@cache
def word_list() -> tuple[str, ...]:
    """The 7,776 words of the EFF's long list."""
    # The EFF long list, as the xkcdpass package carries it.
    text = resources.files("xkcdpass").joinpath("static", "eff-long").read_text("utf-8")
    words = tuple(text.split())
    if len(set(words)) != _LIST_SIZE:
        raise RuntimeError("the word list is not the EFF long list")
    return words


def fingerprint(recipient_raw: bytes, sign_public: bytes) -> str:
    """SHA-256, in hex, of a person's two public keys; a change of either changes it.

    The first key's length stands before it, so that no other pair gives the same bytes.
    """
    body = len(recipient_raw).to_bytes(4, "big") + recipient_raw + sign_public
    return hashlib.sha256(labelled(_LABEL, body)).hexdigest()


def words(fingerprint: str) -> tuple[str, ...]:
    """Six words of a fingerprint (77 bits), to be compared by voice.

    Whoever wants a key with somebody else's words must make 2^77 keys.
    """
    digest = bytes.fromhex(fingerprint)
    if len(digest) != 32:
        raise ValueError("a fingerprint has 64 hexadecimal digits")
    number = int.from_bytes(digest, "big")
    chosen = []
    for _ in range(_WORDS):
        number, index = divmod(number, _LIST_SIZE)
        chosen.append(word_list()[index])
    return tuple(chosen)


def passphrase_words(n: int = 5) -> str:
    """A random passphrase of `n` words with spaces between: 12.9 bits a word, 64 bits by default.

    Raises ValueError below five words.
    """
    if n < 5:
        raise ValueError("a passphrase of words has at least five")
    return " ".join(secrets.choice(word_list()) for _ in range(n))
