"""Typed texts: sealed where they are kept, and as a salted digest in the ledger.

Without the salt, somebody with the ledger could try likely words against a digest. The salt is
sealed together with the text, so whoever may read the text can prove that it is the one.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from portal.crypto.age.keys import Identity
from portal.crypto.sealing import open_text, seal_text
from portal.journeys.deed import Doing
from portal.records import keys, restrictions, texts

SALT_BYTES = 16


@dataclass(frozen=True)
class Salted:
    """A text with its salt; `digest` (hex SHA-256 of salt, then text) goes into the ledger."""

    text: str
    salt: bytes

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.salt + self.text.encode()).hexdigest()


def salted(text: str) -> Salted:
    """The text with a fresh salt."""
    return Salted(text, secrets.token_bytes(SALT_BYTES))


def field_at(name: str, now: datetime) -> str:
    """The field of one of several such texts about a subject: a later one replaces no earlier."""
    return f"{name}-{now:%Y%m%d%H%M%S%f}"


def keep_text(
    deed: Doing, subject: str, field: str, value: Salted, recipients: Sequence[bytes]
) -> None:
    """Seal the text to the raw public keys given (the unit's first) and keep it, in the deed."""
    clear = json.dumps({"text": value.text, "salt": value.salt.hex()}).encode()
    unit = keys.unit_key_of(deed.db, deed.area_id)
    case = restrictions.key_among(deed.db, deed.area_id, recipients)
    if case is not None:
        for_unit, case_id = case.fingerprint, case.case_id
    else:
        for_unit = unit.fingerprint if unit is not None and unit.recipient in recipients else ""
        case_id = None
    sealed = seal_text(clear, recipients)
    kept = texts.SealedText(deed.area_id, subject, field, sealed, deed.now, for_unit, case_id)
    texts.save(deed.db, kept)


def read_text(sealed: bytes, identities: Sequence[Identity]) -> Salted:
    """The text, with its salt: anybody can seal one, so its digest is compared with the ledger's.

    Raises an AgeError for whom it is not, ValueError, KeyError or TypeError where it is no text.
    """
    told = json.loads(open_text(sealed, identities))
    return Salted(str(told["text"]), bytes.fromhex(told["salt"]))
