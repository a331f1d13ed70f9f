"""Keyrings, ways to unlock them, public keys and their confirmations, and the unit's key.

Nothing here opens anything: keyrings and unit keys are age files, public keys are public. The
pages that seal compare a key with its confirmation in the ledger first, because a row can be
changed by whoever holds the database.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Column, Connection, Integer, LargeBinary, String, Table, func, select

from portal.domain.ids import AccountId, AreaId, PersonId, WordsId
from portal.records.schema import (
    Closed,
    Utc,
    add,
    area_column,
    change,
    every,
    first,
    id_column,
    metadata,
    remove,
    row,
)

keyrings = Table(
    "keyrings",
    metadata,
    id_column("person_id", primary_key=True),
    area_column(),
    Column("sealed", LargeBinary, nullable=False),
    Column("changed_at", Utc, nullable=False),
)


class UnlockKind(StrEnum):
    PASSPHRASE = "passphrase"
    RECOVERY = "recovery"


unlocks = Table(
    "unlocks",
    metadata,
    id_column("id", primary_key=True),
    area_column(),
    id_column("person_id", index=True),
    Column("kind", Closed(UnlockKind), nullable=False),
    Column("recipient", LargeBinary, nullable=False),
    Column("salt", LargeBinary, nullable=False),
    Column("memory_kib", Integer, nullable=False),
    Column("iterations", Integer, nullable=False),
    Column("lanes", Integer, nullable=False),
    Column("pepper_version", Integer, nullable=False),
    Column("made_at", Utc, nullable=False),
    Column("signature", LargeBinary, nullable=False),
)

public_keys = Table(
    "public_keys",
    metadata,
    id_column("person_id", primary_key=True),
    area_column(),
    Column("recipient", LargeBinary, nullable=False),
    Column("sign_public", LargeBinary, nullable=False),
    Column("fingerprint", String(64), nullable=False),
    Column("made_at", Utc, nullable=False),
)

confirmations = Table(
    "confirmations",
    metadata,
    id_column("person_id", primary_key=True),
    area_column(),
    Column("fingerprint", String(64), nullable=False),
    Column("statement", LargeBinary, nullable=False),
    Column("signature", LargeBinary, nullable=False),
    id_column("confirmed_by"),
    Column("ledger_position", Integer, nullable=False),
    Column("confirmed_at", Utc, nullable=False),
    id_column("words_id", nullable=True),
)

unit_keys = Table(
    "unit_keys",
    metadata,
    id_column("area_id", primary_key=True),
    Column("recipient", LargeBinary, nullable=False),
    Column("fingerprint", String(64), nullable=False),
    Column("made_at", Utc, nullable=False),
    Column("kit", LargeBinary, nullable=False),
    Column("for_kit", LargeBinary, nullable=False),
)

unit_wraps = Table(
    "unit_wraps",
    metadata,
    id_column("area_id", primary_key=True),
    id_column("person_id", primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("made_at", Utc, nullable=False),
)


@dataclass(frozen=True)
class StoredKeyring:
    person_id: AccountId
    area_id: AreaId
    sealed: bytes
    changed_at: datetime


@dataclass(frozen=True)
class Unlock:
    """One way to unlock a keyring: the public half of a key pair made from a secret.

    `signature` is its owner's: a way that somebody else puts here is not theirs.
    """

    id: str
    area_id: AreaId
    person_id: AccountId
    kind: UnlockKind
    recipient: bytes
    salt: bytes
    memory_kib: int
    iterations: int
    lanes: int
    pepper_version: int
    made_at: datetime
    signature: bytes = b""


@dataclass(frozen=True)
class PublicKey:
    """A person's key as the database has it. `fingerprint` covers both halves (hex)."""

    person_id: PersonId
    area_id: AreaId
    recipient: bytes
    sign_public: bytes
    fingerprint: str
    made_at: datetime


@dataclass(frozen=True)
class Confirmation:
    """A coordinator's signed statement that this fingerprint is this person's; or, with `words_id`,
    one signed with the joining words that the coordinator spoke to them."""

    person_id: PersonId
    area_id: AreaId
    fingerprint: str
    statement: bytes
    signature: bytes
    confirmed_by: PersonId
    ledger_position: int
    confirmed_at: datetime
    words_id: WordsId | None = None


@dataclass(frozen=True)
class UnitKeyRow:
    """`kit` is the raw public key of the newest recovery kit's own; `for_kit` the unit's key sealed
    to it, once the unit's has been changed since that kit was made."""

    area_id: AreaId
    recipient: bytes
    fingerprint: str
    made_at: datetime
    kit: bytes = b""
    for_kit: bytes = b""


@dataclass(frozen=True)
class UnitWrap:
    """The unit's key, sealed to one member."""

    area_id: AreaId
    person_id: PersonId
    sealed: bytes
    made_at: datetime


def save_keyring(db: Connection, keyring: StoredKeyring) -> None:
    remove(db, keyrings, keyrings.c.person_id == keyring.person_id)
    add(db, keyrings, keyring)


def keyring_of(db: Connection, person_id: AccountId) -> StoredKeyring | None:
    return first(db, keyrings, StoredKeyring, keyrings.c.person_id == person_id)


def save_unlock(db: Connection, unlock: Unlock) -> None:
    """Replaces the person's unlock of the same kind: an old passphrase opens nothing any more."""
    remove(db, unlocks, unlocks.c.person_id == unlock.person_id, unlocks.c.kind == unlock.kind)
    add(db, unlocks, unlock)


def unlocks_of(db: Connection, person_id: AccountId) -> dict[UnlockKind, Unlock]:
    found = every(db, unlocks, Unlock, unlocks.c.person_id == person_id)
    return {unlock.kind: unlock for unlock in found}


def passphrases_under(db: Connection, version: int) -> int:
    """How many passphrases are still derived with an earlier pepper than this, in all areas."""
    found = select(func.count()).where(
        unlocks.c.kind == UnlockKind.PASSPHRASE, unlocks.c.pepper_version < version
    )
    return int(db.scalar(found) or 0)


def remove_unlocks(db: Connection, person_id: AccountId) -> int:
    return remove(db, unlocks, unlocks.c.person_id == person_id)


def forget_keyring(db: Connection, account_id: AccountId) -> None:
    """The keyring and every way to unlock it go, as if they had never joined."""
    for table in (keyrings, unlocks):
        remove(db, table, table.c.person_id == account_id)


def forget_public_key(db: Connection, area_id: AreaId, person_id: PersonId) -> None:
    """The public key goes, and that somebody confirmed it, in this one area."""
    where = (public_keys.c.area_id == area_id, public_keys.c.person_id == person_id)
    remove(db, public_keys, *where)
    remove_confirmation(db, area_id, person_id)


def save_public_key(db: Connection, key: PublicKey) -> None:
    remove(db, public_keys, public_keys.c.person_id == key.person_id)
    add(db, public_keys, key)


def public_key_of(db: Connection, area_id: AreaId, person_id: PersonId) -> PublicKey | None:
    return first(
        db,
        public_keys,
        PublicKey,
        public_keys.c.area_id == area_id,
        public_keys.c.person_id == person_id,
    )


def public_keys_of_area(db: Connection, area_id: AreaId) -> dict[PersonId, PublicKey]:
    found = every(db, public_keys, PublicKey, public_keys.c.area_id == area_id)
    return {key.person_id: key for key in found}


def save_confirmation(db: Connection, confirmation: Confirmation) -> None:
    remove(db, confirmations, confirmations.c.person_id == confirmation.person_id)
    add(db, confirmations, confirmation)


def remove_confirmation(db: Connection, area_id: AreaId, person_id: PersonId) -> int:
    """The key receives nothing until somebody has confirmed it again."""
    return remove(
        db,
        confirmations,
        confirmations.c.area_id == area_id,
        confirmations.c.person_id == person_id,
    )


def confirmation_of(db: Connection, area_id: AreaId, person_id: PersonId) -> Confirmation | None:
    return first(
        db,
        confirmations,
        Confirmation,
        confirmations.c.area_id == area_id,
        confirmations.c.person_id == person_id,
    )


def confirmations_of_area(db: Connection, area_id: AreaId) -> dict[PersonId, Confirmation]:
    found = every(db, confirmations, Confirmation, confirmations.c.area_id == area_id)
    return {confirmation.person_id: confirmation for confirmation in found}


def save_unit_key(db: Connection, key: UnitKeyRow) -> None:
    add(db, unit_keys, key)


def change_unit_key(db: Connection, key: UnitKeyRow, was: str) -> bool:
    """The newest key instead of the one with the fingerprint `was`; every copy of that one goes.
    Of two at once, one wins."""
    changed = change(
        db,
        unit_keys,
        unit_keys.c.area_id == key.area_id,
        unit_keys.c.fingerprint == was,
        **row(key),
    )
    remove(db, unit_wraps, unit_wraps.c.area_id == key.area_id)
    return changed == 1


def change_kit(db: Connection, area_id: AreaId, kit: bytes) -> None:
    """A newer kit, which holds the unit's key of today itself."""
    change(db, unit_keys, unit_keys.c.area_id == area_id, kit=kit, for_kit=b"")


def unit_key_of(db: Connection, area_id: AreaId) -> UnitKeyRow | None:
    return first(db, unit_keys, UnitKeyRow, unit_keys.c.area_id == area_id)


def save_unit_wrap(db: Connection, wrap: UnitWrap) -> None:
    remove_unit_wrap(db, wrap.area_id, wrap.person_id)
    add(db, unit_wraps, wrap)


def unit_wrap_of(db: Connection, area_id: AreaId, person_id: PersonId) -> UnitWrap | None:
    return first(
        db,
        unit_wraps,
        UnitWrap,
        unit_wraps.c.area_id == area_id,
        unit_wraps.c.person_id == person_id,
    )


def remove_unit_wrap(db: Connection, area_id: AreaId, person_id: PersonId) -> int:
    return remove(
        db, unit_wraps, unit_wraps.c.area_id == area_id, unit_wraps.c.person_id == person_id
    )
