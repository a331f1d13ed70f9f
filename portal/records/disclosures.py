"""Requests for onward disclosure, and the numbers of written authorities."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, Connection, Integer, String, Table, func, select

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
    Column("number", String(40), unique=True),
    Column("days", Integer),
    id_column("sending_id", nullable=True),
    id_column("decision_version_id", nullable=True),
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


def authorities_given(db: Connection, area_id: AreaId) -> int:
    """How many written authorities the area has given: the next number follows."""
    query = select(func.count()).where(
        disclosures.c.area_id == area_id, disclosures.c.number.is_not(None)
    )
    return int(db.execute(query).scalar_one())
