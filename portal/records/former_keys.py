"""Public keys that were somebody's once, with their confirmations: what they signed still counts.

A former key receives nothing and signs nothing new: when it ended stands in the ledger.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, Connection, Integer, LargeBinary, String, Table

from portal.domain.ids import AreaId, PersonId, WordsId
from portal.records.keys import Confirmation, PublicKey
from portal.records.schema import add, area_column, every, id_column, metadata

former_keys = Table(
    "former_keys",
    metadata,
    id_column("person_id", primary_key=True),
    Column("ended_position", Integer, primary_key=True, autoincrement=False),
    area_column(),
    Column("recipient", LargeBinary, nullable=False),
    Column("sign_public", LargeBinary, nullable=False),
    Column("fingerprint", String(64), nullable=False),
    Column("statement", LargeBinary, nullable=False),
    Column("signature", LargeBinary, nullable=False),
    id_column("confirmed_by"),
    Column("ledger_position", Integer, nullable=False),
    id_column("words_id", nullable=True),
)


@dataclass(frozen=True)
class FormerKey:
    """A key and its confirmation. `ended_position` is the ledger's line that ended it,
    `ledger_position` the one that confirmed it."""

    person_id: PersonId
    ended_position: int
    area_id: AreaId
    recipient: bytes
    sign_public: bytes
    fingerprint: str
    statement: bytes
    signature: bytes
    confirmed_by: PersonId
    ledger_position: int
    words_id: WordsId | None = None


def confirmation(key: FormerKey, at: datetime) -> Confirmation:
    """What confirmed it while it was somebody's; `at` is any time, for nothing hangs on it."""
    return Confirmation(
        key.person_id,
        key.area_id,
        key.fingerprint,
        key.statement,
        key.signature,
        key.confirmed_by,
        key.ledger_position,
        at,
        key.words_id,
    )


def ended(key: PublicKey, given: Confirmation, position: int) -> FormerKey:
    """A key with its confirmation, ended by the line at `position`."""
    return FormerKey(
        key.person_id,
        position,
        key.area_id,
        key.recipient,
        key.sign_public,
        given.fingerprint,
        given.statement,
        given.signature,
        given.confirmed_by,
        given.ledger_position,
        given.words_id,
    )


def save(db: Connection, key: FormerKey) -> None:
    add(db, former_keys, key)


def of_person(db: Connection, area_id: AreaId, person_id: PersonId) -> list[FormerKey]:
    return every(
        db,
        former_keys,
        FormerKey,
        former_keys.c.area_id == area_id,
        former_keys.c.person_id == person_id,
        order=[former_keys.c.ended_position],
    )
