"""Requests for onward disclosure, and the numbers of written authorities."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, Connection, Integer, String, Table, UniqueConstraint, select

from portal.domain.disclosures import Disclosure, DisclosureState, LawfulBasis, Least
from portal.domain.ids import AreaId, DisclosureId, PersonId
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
)

disclosures = Table(
    "disclosures",
    metadata,
    id_column("id", primary_key=True),
    area_column(),
    id_column("slot_id", index=True),
    id_column("version_id"),
    id_column("asked_by"),
    id_column("asked_agency_id"),
    id_column("receiver_id"),
    Column("state", Closed(DisclosureState), nullable=False),
    Column("asked_at", Utc, nullable=False),
    id_column("decided_by", nullable=True),
    Column("decided_at", Utc),
    Column("basis", Closed(LawfulBasis)),
    Column("least", Closed(Least)),
    Column("number", String(40)),
    Column("days", Integer),
    id_column("sending_id", nullable=True),
    id_column("decision_version_id", nullable=True),
    UniqueConstraint("area_id", "number"),
)


def save(db: Connection, disclosure: Disclosure) -> None:
    add(db, disclosures, disclosure)


def load(db: Connection, area_id: AreaId, disclosure_id: DisclosureId) -> Disclosure | None:
    return first(
        db,
        disclosures,
        Disclosure,
        disclosures.c.area_id == area_id,
        disclosures.c.id == disclosure_id,
    )


def in_area(db: Connection, area_id: AreaId) -> list[Disclosure]:
    return every(
        db,
        disclosures,
        Disclosure,
        disclosures.c.area_id == area_id,
        order=[disclosures.c.asked_at, disclosures.c.id],
    )


def asked_by(db: Connection, area_id: AreaId, person_id: PersonId) -> list[Disclosure]:
    return every(
        db,
        disclosures,
        Disclosure,
        disclosures.c.area_id == area_id,
        disclosures.c.asked_by == person_id,
        order=[disclosures.c.asked_at, disclosures.c.id],
    )


def decide(db: Connection, area_id: AreaId, disclosure_id: DisclosureId, **outcome: Any) -> bool:
    """False when it is decided already: of two at once, one wins."""
    return (
        change(
            db,
            disclosures,
            disclosures.c.area_id == area_id,
            disclosures.c.id == disclosure_id,
            disclosures.c.state == DisclosureState.ASKED,
            **outcome,
        )
        == 1
    )


def last_authority(db: Connection, area_id: AreaId, year: int) -> int:
    """How far the numbers of the area's written authorities have come this year; 0 at first."""
    query = select(disclosures.c.number).where(
        disclosures.c.area_id == area_id, disclosures.c.number.like(f"DA/{year}/%")
    )
    return max((int(n.rpartition("/")[2]) for n in db.execute(query).scalars()), default=0)
