"""What a single point of contact keeps of their agency's people: who covers, who is still here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, Connection, Table

from portal.domain.ids import AreaId, PersonId
from portal.records.schema import Utc, area_column, every, id_column, metadata, put, remove

covers = Table(
    "covers",
    metadata,
    id_column("person_id", primary_key=True),
    area_column(),
    id_column("by_id"),
    Column("until", Utc, nullable=False),
)

certifications = Table(
    "certifications",
    metadata,
    id_column("person_id", primary_key=True),
    area_column(),
    id_column("by_id"),
    Column("certified_at", Utc, nullable=False),
)


@dataclass(frozen=True)
class Cover:
    """`by_id` does what `person_id` does for the agency, until then."""

    person_id: PersonId
    area_id: AreaId
    by_id: PersonId
    until: datetime


@dataclass(frozen=True)
class Certification:
    """`by_id` said that `person_id` is still here."""

    person_id: PersonId
    area_id: AreaId
    by_id: PersonId
    certified_at: datetime


def save_cover(db: Connection, cover: Cover) -> None:
    """Replaces an earlier one of the same person."""
    put(db, covers, cover)


def covers_of(db: Connection, area_id: AreaId) -> dict[PersonId, Cover]:
    found = every(db, covers, Cover, covers.c.area_id == area_id)
    return {cover.person_id: cover for cover in found}


def save_certification(db: Connection, certification: Certification) -> None:
    """Replaces the one of the quarter before."""
    put(db, certifications, certification)


def certified_of(db: Connection, area_id: AreaId) -> dict[PersonId, Certification]:
    found = every(db, certifications, Certification, certifications.c.area_id == area_id)
    return {certification.person_id: certification for certification in found}


def forget(db: Connection, area_id: AreaId, person_id: PersonId) -> None:
    """Whoever left covers nobody, and is not asked about again."""
    remove(
        db,
        covers,
        covers.c.area_id == area_id,
        (covers.c.person_id == person_id) | (covers.c.by_id == person_id),
    )
    remove(
        db,
        certifications,
        certifications.c.area_id == area_id,
        certifications.c.person_id == person_id,
    )
