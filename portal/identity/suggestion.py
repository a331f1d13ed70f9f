"""A generated passphrase, to be offered before a person has to think of one."""

from __future__ import annotations

from functools import cache

from xkcdpass import xkcd_password

WORDS = 5
"""Five words from the EFF's long list of 7,776: 64 bits."""


@cache
def _wordlist() -> tuple[str, ...]:
    path = xkcd_password.locate_wordfile("eff-long")
    return tuple(xkcd_password.generate_wordlist(path, min_length=3, max_length=9))


def suggest() -> str:
    """Return a fresh passphrase of five words in lower case with spaces between them.

    Drawn with the operating system's randomness; always accepted by `passphrase.check` unless
    a context word fills most of it, so offer it and check it as if it had been typed.
    """
    return str(xkcd_password.generate_xkcdpassword(list(_wordlist()), numwords=WORDS))
