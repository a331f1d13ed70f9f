"""Restricted cases: the key of each, and who holds it.

A row makes nobody a holder: whoever seals or opens compares it with the ledger
(`journeys/keys/unit_of.py`). That a case is restricted, and who holds it, stands in the clear.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, Connection, LargeBinary, String, Table, select

from portal.domain.ids import AreaId, CaseId, PersonId
from portal.domain.restricted import Concern
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
    put,
    remove,
    row,
)

restricted_cases = Table(
    "restricted_cases",
    metadata,
    id_column("case_id", primary_key=True),
    area_column(),
    Column("concern", Closed(Concern), nullable=False),
    Column("recipient", LargeBinary, nullable=False),
    Column("fingerprint", String(64), nullable=False),
    Column("made_at", Utc, nullable=False),
    Column("for_kit", LargeBinary, nullable=False),
    Column("kit", String(64), nullable=False),
)

case_holders = Table(
    "case_holders",
    metadata,
    id_column("case_id", primary_key=True),
    id_column("person_id", primary_key=True),
    area_column(),
    Column("sealed", LargeBinary, nullable=False),
    Column("made_at", Utc, nullable=False),
)


@dataclass(frozen=True)
class CaseKey:
    """The public key of a restricted case; `for_kit` is the key itself, sealed to the own key of
    the recovery kit with the fingerprint `kit`."""

    case_id: CaseId
    area_id: AreaId
    concern: Concern
    recipient: bytes
    fingerprint: str
    made_at: datetime
    for_kit: bytes
    kit: str


@dataclass(frozen=True)
class CaseHolder:
    """One who holds it: its key, sealed to them; empty while they wait to be given it again."""

    case_id: CaseId
    person_id: PersonId
    area_id: AreaId
    sealed: bytes
    made_at: datetime


def save_key(db: Connection, key: CaseKey) -> None:
    add(db, restricted_cases, key)


def key_of(db: Connection, area_id: AreaId, case_id: CaseId) -> CaseKey | None:
    where = (restricted_cases.c.area_id == area_id, restricted_cases.c.case_id == case_id)
    return first(db, restricted_cases, CaseKey, *where)


def keys_of_area(db: Connection, area_id: AreaId) -> dict[CaseId, CaseKey]:
    """Every restricted case of the area, in the order in which they were restricted."""
    order = [restricted_cases.c.made_at, restricted_cases.c.case_id]
    found = every(db, restricted_cases, CaseKey, restricted_cases.c.area_id == area_id, order=order)
    return {key.case_id: key for key in found}


def change_key(db: Connection, key: CaseKey, was: str) -> bool:
    """The newest key instead of the one with the fingerprint `was`; every copy of that one goes.
    Of two at once, one wins."""
    changed = change(
        db,
        restricted_cases,
        restricted_cases.c.area_id == key.area_id,
        restricted_cases.c.case_id == key.case_id,
        restricted_cases.c.fingerprint == was,
        **row(key),
    )
    if changed:
        of_case = (case_holders.c.area_id == key.area_id, case_holders.c.case_id == key.case_id)
        remove(db, case_holders, *of_case)
    return changed == 1


def reseal_for_kit(db: Connection, key: CaseKey, for_kit: bytes, kit: str) -> None:
    """The same key, sealed to another recovery kit."""
    of_case = (restricted_cases.c.area_id == key.area_id, restricted_cases.c.case_id == key.case_id)
    change(db, restricted_cases, *of_case, for_kit=for_kit, kit=kit)


def key_among(db: Connection, area_id: AreaId, recipients: Iterable[bytes]) -> CaseKey | None:
    """The restricted case whose key is among these; None where none is."""
    where = (
        restricted_cases.c.area_id == area_id,
        restricted_cases.c.recipient.in_(list(recipients)),
    )
    return first(db, restricted_cases, CaseKey, *where)


def save_holder(db: Connection, holder: CaseHolder) -> None:
    put(db, case_holders, holder)


def holder_of(
    db: Connection, area_id: AreaId, case_id: CaseId, person_id: PersonId
) -> CaseHolder | None:
    return first(
        db,
        case_holders,
        CaseHolder,
        case_holders.c.area_id == area_id,
        case_holders.c.case_id == case_id,
        case_holders.c.person_id == person_id,
    )


def holders_in(db: Connection, area_id: AreaId) -> dict[CaseId, frozenset[PersonId]]:
    """Who holds each restricted case of the area."""
    held: dict[CaseId, frozenset[PersonId]] = {}
    query = (
        select(restricted_cases.c.case_id, case_holders.c.person_id)
        .outerjoin(case_holders, case_holders.c.case_id == restricted_cases.c.case_id)
        .where(restricted_cases.c.area_id == area_id)
    )
    for case_id, person_id in db.execute(query):
        added = frozenset() if person_id is None else frozenset({PersonId(person_id)})
        held[CaseId(case_id)] = held.get(CaseId(case_id), frozenset()) | added
    return held


def remove_holder(db: Connection, area_id: AreaId, case_id: CaseId, person_id: PersonId) -> int:
    return remove(
        db,
        case_holders,
        case_holders.c.area_id == area_id,
        case_holders.c.case_id == case_id,
        case_holders.c.person_id == person_id,
    )


def forget_holder(db: Connection, area_id: AreaId, person_id: PersonId) -> int:
    """Somebody left, or is no longer of the unit: they hold nothing any more."""
    return remove(
        db, case_holders, case_holders.c.area_id == area_id, case_holders.c.person_id == person_id
    )


def empty_holder(db: Connection, area_id: AreaId, person_id: PersonId) -> int:
    """Their key ended: they stay a holder, and wait for another to give them the cases' keys."""
    where = (case_holders.c.area_id == area_id, case_holders.c.person_id == person_id)
    return change(db, case_holders, *where, sealed=b"")
