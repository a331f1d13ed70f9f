"""The only maker of identifiers, and of the references of copies.

An identifier is 128 random bits from the operating system, written as 26 lowercase base32
characters (RFC 4648 section 6, without padding).  It tells nothing of order, time or number, so
a person who knows one can guess no other.  It is not a secret: nothing opens because someone
knows an identifier.
"""

from __future__ import annotations

import base64
import secrets

from portal.domain.copies import ALPHABET, LENGTH, copy_reference

ID_LENGTH = 26


def new_id() -> str:
    """Return a fresh identifier of 26 characters out of ``a-z2-7``; never twice the same."""
    return base64.b32encode(secrets.token_bytes(16)).decode("ascii").rstrip("=").lower()


def new_annex_tag() -> str:
    """Return the tag of a restricted annex, such as A7K: drawn, so that one tells of no other."""
    return "A" + "".join(secrets.choice(ALPHABET) for _ in range(2))


def new_copy_reference() -> str:
    """Return a fresh reference of a copy: 60 random bits, short enough to be read from a page."""
    return copy_reference("".join(secrets.choice(ALPHABET) for _ in range(LENGTH)))
