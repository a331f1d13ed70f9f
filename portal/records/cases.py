"""Cases, and the area's sealed index of names."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
    select,
)

from portal.domain.cases import Case
from portal.domain.ids import AreaId, CaseId
from portal.records.schema import (
    Utc,
    add,
    area_column,
    every,
    first,
    id_column,
    metadata,
    remove,
)

cases = Table(
    "cases",
    metadata,
    id_column("id", primary_key=True),
    area_column(),
    Column("reference", String(40), nullable=False),
    id_column("lead_agency_id"),
    Column("category", Integer, nullable=False),
    Column("level", Integer, nullable=False),
    Column("is_child", Boolean, nullable=False),
    id_column("particulars_version"),
    Column("opened_at", Utc, nullable=False),
    UniqueConstraint("area_id", "reference"),
)

names = Table(
    "names",
    metadata,
    id_column("area_id", primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("changed_at", Utc, nullable=False),
)


def save(db: Connection, case: Case) -> None:
    add(db, cases, case)


def load(db: Connection, area_id: AreaId, case_id: CaseId) -> Case | None:
    return first(db, cases, Case, cases.c.area_id == area_id, cases.c.id == case_id)


def by_reference(db: Connection, area_id: AreaId, reference: str) -> Case | None:
    return first(db, cases, Case, cases.c.area_id == area_id, cases.c.reference == reference)


def of_area(db: Connection, area_id: AreaId) -> dict[CaseId, Case]:
    found = every(db, cases, Case, cases.c.area_id == area_id, order=[cases.c.reference])
    return {case.id: case for case in found}


def sealed_names(db: Connection, area_id: AreaId) -> bytes | None:
    """The index case -> name, an age file for the unit; None before the first case."""
    return db.execute(select(names.c.sealed).where(names.c.area_id == area_id)).scalar_one_or_none()


def save_names(db: Connection, area_id: AreaId, sealed: bytes, at: datetime) -> None:
    remove(db, names, names.c.area_id == area_id)
    db.execute(names.insert().values(area_id=area_id, sealed=sealed, changed_at=at))
