"""What somebody who is joining has saved, until they come back by their link and go on.

Their keyring opens with the passphrase they chose. No key of it is on record yet, and a keyring
does not say who wrote it: somebody with the database could put one of their own there, sealed to
that passphrase, and would be sealed everything from then on. So a mark says which keyring was made
here: a digest under a key of the server's, sealed to that very keyring.
"""

from __future__ import annotations

from sqlalchemy import Connection

from portal.crypto.age.errors import AgeError
from portal.crypto.fingerprint import fingerprint
from portal.crypto.keyring import Keyring
from portal.crypto.sealing import open_text, seal_text
from portal.crypto.serverkeys import KeyKind
from portal.domain.people import Person
from portal.journeys.house import House
from portal.journeys.keys.directory import KeyAlarm
from portal.journeys.keys.reached import keyed
from portal.records import keys, texts
from portal.records.keys import UnlockKind

PURPOSE = "portal/v1/joining/saved"
PLACE = "joining"


def is_saved(db: Connection, person: Person) -> bool:
    """Whether a passphrase of theirs waits to be typed again."""
    if texts.draft_of(db, person.account_id, PLACE) is None:
        return False
    return UnlockKind.PASSPHRASE in keys.unlocks_of(db, person.account_id)


def save(house: House, db: Connection, person: Person, keyring: Keyring) -> None:
    """This keyring is the one that they have made."""
    mark = _mark(house.server_keys.ledger_seed, person, keyring)
    sealed = seal_text(mark.encode(), [keyring.recipient()])
    texts.save_draft(
        db, texts.Draft(person.area_id, person.account_id, PLACE, sealed, house.clock.now())
    )


def require_saved(house: House, db: Connection, person: Person, keyring: Keyring) -> None:
    """Raises KeyAlarm where the keyring that opened is not the one that was made here."""
    kept = texts.draft_of(db, person.account_id, PLACE)
    own = fingerprint(keyring.recipient(), keyring.signing_public())
    try:
        told = b"" if kept is None else open_text(kept.sealed, keyring.identities())
    except AgeError:
        told = b""
    seeds = house.server_keys.ever(KeyKind.LEDGER)
    if told.decode("ascii", "replace") not in [_mark(seed, person, keyring) for seed in seeds]:
        raise KeyAlarm(person.id, own, "")


def forget(db: Connection, person: Person) -> None:
    """They have joined."""
    texts.drop_draft(db, person.account_id, PLACE)


def _mark(seed: bytes, person: Person, keyring: Keyring) -> str:
    own = fingerprint(keyring.recipient(), keyring.signing_public())
    return keyed(seed, PURPOSE, person.account_id, [person.account_id, own])
