"""Recovery and backup codes: made, kept as what they unlock, and shown to their owner until they
have written them down.

Until then they lie sealed to the owner's own key, so that a page that is reloaded shows the same
ones; only the owner's session can open them.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass

from sqlalchemy import Connection

from portal.crypto import backup_codes
from portal.crypto.age.errors import AgeError
from portal.crypto.handwriting import BadCode, ungrouped
from portal.crypto.keyring import Keyring
from portal.crypto.sealing import open_text, seal_text
from portal.domain.people import Person
from portal.journeys.deed import tending
from portal.journeys.house import House
from portal.records import factors, texts
from portal.records.database import reading

PLACE = "codes to write down"
ASKED_GROUP = 4
"""The group of the recovery code that is typed back, counted from 1."""
HOW_MANY = 10


@dataclass(frozen=True)
class Codes:
    """What is to be written down; either may be empty where only the other is new."""

    recovery: str
    backup: tuple[str, ...]


def new_backup_rows(
    house: House, person: Person
) -> tuple[tuple[str, ...], list[factors.BackupCode]]:
    """Ten new backup codes, and the rows that stand for them. Slow: an Argon2 each."""
    salt = secrets.token_bytes(16)
    codes = tuple(backup_codes.new_codes(HOW_MANY))
    rows = [
        factors.BackupCode(
            person.account_id,
            person.area_id,
            place,
            salt,
            backup_codes.hash_code(code, salt, house.server_keys.pepper()),
            None,
        )
        for place, code in enumerate(codes)
    ]
    return codes, rows


def keep_to_show(
    house: House, db: Connection, person: Person, keyring: Keyring, codes: Codes
) -> None:
    """Keep codes for their owner to look at, sealed to their own key."""
    clear = json.dumps({"recovery": codes.recovery, "backup": codes.backup}).encode()
    sealed = seal_text(clear, [keyring.recipient()])
    texts.save_draft(
        db, texts.Draft(person.area_id, person.account_id, PLACE, sealed, house.clock.now())
    )


def codes_to_show(house: House, person: Person, keyring: Keyring) -> Codes | None:
    """The codes their owner has not said they have written down; None when there are none."""
    with reading(house.engine) as db:
        kept = texts.draft_of(db, person.account_id, PLACE)
    if kept is None:
        return None
    try:
        told = json.loads(open_text(kept.sealed, keyring.identities()))
    except AgeError:
        return None
    return Codes(str(told["recovery"]), tuple(map(str, told["backup"])))


def written_down(house: House, person: Person) -> None:
    """Forget them: from now on they are on their owner's paper only."""
    with tending(house) as db:
        forget(db, person)


def forget(db: Connection, person: Person) -> None:
    """The same, inside a transaction that is under way."""
    texts.drop_draft(db, person.account_id, PLACE)


def is_group(codes: Codes, typed: str) -> bool:
    """Whether this is the group of the recovery code that was asked for."""
    try:
        return ungrouped(typed) == ungrouped(codes.recovery.split("-")[ASKED_GROUP - 1])
    except (BadCode, IndexError):
        return False
