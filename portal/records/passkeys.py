"""Passkeys, several a person, and the challenges that were answered: each counts once.

A passkey with a wrap can open its owner's keyring by itself; one without is a second factor beside
the passphrase. Its owner has signed the row: one that somebody else puts here is not theirs.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BigInteger, Column, Connection, LargeBinary, Table

from portal.domain.ids import AccountId, AreaId
from portal.records import proving
from portal.records.schema import (
    Utc,
    add,
    add_once,
    area_column,
    change,
    every,
    first,
    id_column,
    metadata,
    remove,
)

passkeys = Table(
    "passkeys",
    metadata,
    id_column("id", primary_key=True),
    area_column(),
    id_column("person_id", index=True),
    Column("name", LargeBinary, nullable=False),
    Column("credential_id", LargeBinary, unique=True),
    Column("public_key", LargeBinary, nullable=False),
    Column("sign_count", BigInteger, nullable=False),
    Column("recipient", LargeBinary, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("signature", LargeBinary, nullable=False),
    Column("made_at", Utc, nullable=False),
    Column("proved_at", Utc),
)

spent_challenges = Table(
    "spent_challenges",
    metadata,
    Column("challenge_hash", LargeBinary, primary_key=True),
    Column("spent_at", Utc, nullable=False),
)


@dataclass(frozen=True)
class Passkey:
    """`credential_id` is None until a device has made it; `recipient` and `sealed` are empty where
    it cannot open the keyring; `signature` is its owner's, over what it is."""

    id: str
    area_id: AreaId
    person_id: AccountId
    name: bytes
    credential_id: bytes | None
    public_key: bytes
    sign_count: int
    recipient: bytes
    sealed: bytes
    signature: bytes
    made_at: datetime
    proved_at: datetime | None


@dataclass(frozen=True)
class SpentChallenge:
    challenge_hash: bytes
    spent_at: datetime


def save(db: Connection, passkey: Passkey) -> None:
    add(db, passkeys, passkey)


def load(db: Connection, person_id: AccountId, passkey_id: str) -> Passkey | None:
    """One of this person's; another's does not exist."""
    return first(
        db, passkeys, Passkey, passkeys.c.id == passkey_id, passkeys.c.person_id == person_id
    )


def by_credential(db: Connection, credential_id: bytes) -> Passkey | None:
    return first(db, passkeys, Passkey, passkeys.c.credential_id == credential_id)


def of_person(db: Connection, person_id: AccountId) -> list[Passkey]:
    """All of them, those not proved too, the oldest first."""
    return every(
        db,
        passkeys,
        Passkey,
        passkeys.c.person_id == person_id,
        order=[passkeys.c.made_at, passkeys.c.id],
    )


def make(db: Connection, made: Passkey) -> bool:
    """Keep what a device has made. False when one was made for this row already."""
    return (
        change(
            db,
            passkeys,
            passkeys.c.id == made.id,
            passkeys.c.credential_id.is_(None),
            credential_id=made.credential_id,
            public_key=made.public_key,
            sign_count=made.sign_count,
        )
        == 1
    )


def prove(db: Connection, proved: Passkey) -> bool:
    """Keep it, tried, as it is now. False when it was proved already, or is gone."""
    return proving.prove(db, passkeys, proved, "sign_count", "recipient", "sealed", "signature")


def reseal(db: Connection, kept: Passkey) -> bool:
    """Keep what it opens and who signed it, as it is now."""
    where = (passkeys.c.id == kept.id, passkeys.c.person_id == kept.person_id)
    return change(db, passkeys, *where, sealed=kept.sealed, signature=kept.signature) == 1


def count(db: Connection, passkey_id: str, before: int, now: int) -> bool:
    """Raise the sign count. False when another use came in between."""
    return (
        change(
            db,
            passkeys,
            passkeys.c.id == passkey_id,
            passkeys.c.sign_count == before,
            sign_count=now,
        )
        == 1
    )


def drop(db: Connection, person_id: AccountId, passkey_id: str) -> bool:
    return proving.drop(db, passkeys, person_id, passkey_id)


def drop_unproved(db: Connection, person_id: AccountId) -> int:
    return proving.drop_unproved(db, passkeys, person_id)


def sweep_unproved(db: Connection, before: datetime) -> int:
    """Forget what nobody has proved."""
    return proving.sweep_unproved(db, passkeys, before)


def spend_challenge(db: Connection, spent: SpentChallenge) -> bool:
    """False when it was answered before: of any number of parallel answers, one counts."""
    return add_once(db, spent_challenges, spent)


def spent(db: Connection, challenge_hash: bytes) -> SpentChallenge | None:
    return first(
        db,
        spent_challenges,
        SpentChallenge,
        spent_challenges.c.challenge_hash == challenge_hash,
    )


def sweep_challenges(db: Connection, before: datetime) -> int:
    """Forget those that are too old to be taken anyhow."""
    return remove(db, spent_challenges, spent_challenges.c.spent_at < before)
