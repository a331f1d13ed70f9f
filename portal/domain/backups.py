"""What a backup says it holds. Everything in it is compared with this before it is put back.

The list itself is sealed against change by a key that only the server's own keys give
(crypto/backups.py): a file that was damaged, cut, or swapped for one of another backup is found.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

FORM = 1
CONTENTS = "contents.json"
SEAL = "contents.mac"
DATABASE = "portal.db"
SETTINGS = "portal.env"
PAPERS = "papers"
KIT = "recovery-kit"
AREAS = "areas"
"""Folders of the areas that were opened after the first; each has its own `KIT`."""
KIT_KEY = "backup-key.txt"


class BadContents(Exception):
    """This is not the list of a backup's contents, or not one that this program reads."""


@dataclass(frozen=True)
class LedgerHeld:
    """One area's ledger in the backup: verifier key, lines, newest signed checkpoint."""

    area_id: str
    vkey: str
    lines: int
    checkpoint: str


@dataclass(frozen=True)
class Contents:
    """`schema` is the database's revision; hashes are SHA-256 in hex, `settings` that of the text.

    `payloads` are the names of the sealed papers, sorted; `missing` those that rows name and the
    store no longer had, or had damaged. `kit` is the fingerprint of the key to which the server's
    keys were sealed, `keys` the hash of that sealed file.
    """

    made_at: datetime
    schema: str
    database: str
    settings: str
    payloads: tuple[str, ...]
    missing: tuple[str, ...]
    ledgers: tuple[LedgerHeld, ...]
    kit: str
    keys: str

    @property
    def lines(self) -> int:
        """The lines of all ledgers together."""
        return sum(ledger.lines for ledger in self.ledgers)

    def body(self) -> bytes:
        """Canonical JSON: the same contents give the same bytes."""
        told = {**asdict(self), "form": FORM, "made_at": self.made_at.isoformat()}
        return json.dumps(told, sort_keys=True, separators=(",", ":")).encode() + b"\n"


def read(body: bytes) -> Contents:
    """The inverse of `body`. Raises BadContents for anything else."""
    try:
        told = json.loads(body)
        if told.pop("form") != FORM:
            raise BadContents("this backup was made by another version of the portal")
        made = Contents(
            datetime.fromisoformat(told.pop("made_at")),
            payloads=tuple(told.pop("payloads")),
            missing=tuple(told.pop("missing")),
            ledgers=tuple(_ledger(each) for each in told.pop("ledgers")),
            **told,
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        raise BadContents("the list of the backup's contents cannot be read") from None
    if made.made_at.tzinfo is None or made.body() != body:
        raise BadContents("the list of the backup's contents cannot be read")
    return made


def _ledger(told: dict[str, Any]) -> LedgerHeld:
    return LedgerHeld(**told)
