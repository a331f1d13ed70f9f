"""Minutes, duties to consider, and acceptances of the confidentiality statement."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, Connection, String, Table

from portal.domain.ids import AreaId, PersonId, SlotId, VersionId
from portal.domain.minutes import Duty, Minutes
from portal.records.schema import (
    Utc,
    add,
    area_column,
    change,
    every,
    first,
    id_column,
    metadata,
    remove,
)

minutes = Table(
    "minutes",
    metadata,
    area_column(),
    id_column("slot_id", primary_key=True),
    id_column("document_id"),
    id_column("version_id"),
    id_column("filed_by"),
    Column("filed_at", Utc, nullable=False),
    id_column("approved_by", nullable=True),
    Column("approved_at", Utc),
)

duties = Table(
    "duties",
    metadata,
    area_column(),
    id_column("slot_id", primary_key=True),
    id_column("person_id", primary_key=True),
    id_column("recorded_by"),
    Column("recorded_at", Utc, nullable=False),
    Column("until", Utc, nullable=False),
)

statements = Table(
    "statements",
    metadata,
    area_column(),
    id_column("slot_id", primary_key=True),
    id_column("person_id", primary_key=True),
    Column("wording_version", String(20), primary_key=True),
    Column("wording", String(64), nullable=False),
    Column("accepted_at", Utc, nullable=False),
)


@dataclass(frozen=True)
class Acceptance:
    """One person accepted the statement for one slot; `wording` is the text's SHA-256 (hex)."""

    area_id: AreaId
    slot_id: SlotId
    person_id: PersonId
    wording_version: str
    wording: str
    accepted_at: datetime


def file(db: Connection, filed: Minutes) -> None:
    """Replaces an unapproved draft."""
    remove(db, minutes, minutes.c.area_id == filed.area_id, minutes.c.slot_id == filed.slot_id)
    add(db, minutes, filed)


def load(db: Connection, area_id: AreaId, slot_id: SlotId) -> Minutes | None:
    return first(db, minutes, Minutes, minutes.c.area_id == area_id, minutes.c.slot_id == slot_id)


def unapproved(db: Connection, area_id: AreaId) -> list[Minutes]:
    """Filed, and waiting for the chair."""
    return every(
        db, minutes, Minutes, minutes.c.area_id == area_id, minutes.c.approved_at.is_(None)
    )


def approve(
    db: Connection,
    area_id: AreaId,
    slot_id: SlotId,
    version_id: VersionId,
    by: PersonId,
    at: datetime,
) -> bool:
    """False when another version is filed by now, or approval was given already."""
    return (
        change(
            db,
            minutes,
            minutes.c.area_id == area_id,
            minutes.c.slot_id == slot_id,
            minutes.c.version_id == version_id,
            minutes.c.approved_at.is_(None),
            approved_by=by,
            approved_at=at,
        )
        == 1
    )


def save_duty(db: Connection, duty: Duty) -> None:
    remove(db, duties, duties.c.slot_id == duty.slot_id, duties.c.person_id == duty.person_id)
    add(db, duties, duty)


def duties_of(db: Connection, area_id: AreaId, slot_id: SlotId) -> dict[PersonId, Duty]:
    found = every(db, duties, Duty, duties.c.area_id == area_id, duties.c.slot_id == slot_id)
    return {duty.person_id: duty for duty in found}


def accept_statement(db: Connection, acceptance: Acceptance) -> None:
    remove(
        db,
        statements,
        statements.c.slot_id == acceptance.slot_id,
        statements.c.person_id == acceptance.person_id,
        statements.c.wording_version == acceptance.wording_version,
    )
    add(db, statements, acceptance)


def acceptances_of(db: Connection, area_id: AreaId, person_id: PersonId) -> list[Acceptance]:
    return every(
        db,
        statements,
        Acceptance,
        statements.c.area_id == area_id,
        statements.c.person_id == person_id,
    )
