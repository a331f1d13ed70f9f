"""E-mail addresses as the portal accepts them: plain, short, ASCII, in one spelling.

Stricter than RFC 5321 on purpose. An address is a sign-in name and stands in mail headers, so
look-alike letters, quoted local parts, comments, routes and anything that could break a header
are refused (ASVS V1.3.11). Two addresses that differ only in capitals are the same person's.
"""

from __future__ import annotations

import re

LONGEST = 254
_LONGEST_LOCAL = 64

_LOCAL = re.compile(r"[a-z0-9_][a-z0-9_+'&=~-]*(?:\.[a-z0-9_+'&=~-]+)*")
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_TOP = re.compile(r"[a-z]{2,63}")


class BadAddress(ValueError):
    """The text is not an address the portal accepts. `words` is for the person who typed it."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


def normalise(typed: str) -> str:
    """Return the address in lower case without surrounding spaces, or raise `BadAddress`.

    Only ordinary spaces are trimmed; a line break, tab or look-alike letter anywhere refuses it.
    """
    address = typed.strip(" ")
    if not address.isascii():
        raise BadAddress("Use only plain letters, digits and signs in an e-mail address.")
    address = address.lower()
    if len(address) > LONGEST:
        raise BadAddress("This e-mail address is too long.")
    local, at, domain = address.partition("@")
    labels = domain.split(".")
    if (
        not at
        or len(local) > _LONGEST_LOCAL
        or not _LOCAL.fullmatch(local)
        or len(labels) < 2
        or not all(_LABEL.fullmatch(label) for label in labels)
        or not _TOP.fullmatch(labels[-1])
    ):
        raise BadAddress("Enter an e-mail address in the form name@example.org.")
    # An internationalised label shows as other letters in many mail programs.
    if any(label.startswith("xn--") for label in labels):
        raise BadAddress("Use an e-mail address whose domain has plain letters only.")
    return address
