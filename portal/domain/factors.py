"""What somebody may have besides their passphrase, each named by them, several of each."""

from __future__ import annotations

from enum import StrEnum


class FactorKind(StrEnum):
    """A second factor. A passkey is never the only one."""

    CODE_APP = "code_app"
    KEY_FOB = "key_fob"
    CODE_CARD = "code_card"
    PASSKEY = "passkey"


class Digest(StrEnum):
    """How a fob makes its codes (RFC 6238 section 1.2)."""

    SHA1 = "sha1"
    SHA256 = "sha256"


MOST_OF_A_KIND = 5
"""So many of one kind somebody may have: each is one more that a guess could meet."""
CARD_CODES = 40
"""Codes of one printed card."""
FEW_CODES = 5
"""At so many left, the pages say that a new card is due."""
