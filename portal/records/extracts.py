"""Extracts of papers: of what each was made, by whom, and who looked through it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Column, Connection, Integer, Table

from portal.domain.extracts import Extract
from portal.domain.ids import AreaId, CaseId, PersonId, VersionId
from portal.records.schema import (
    Utc,
    add,
    area_column,
    change,
    every,
    first,
    id_column,
    metadata,
)

extracts = Table(
    "extracts",
    metadata,
    id_column("version_id", primary_key=True),
    area_column(),
    id_column("case_id", index=True),
    id_column("source_id", index=True),
    id_column("origin_id"),
    id_column("made_by"),
    Column("made_at", Utc, nullable=False),
    Column("pages", Integer, nullable=False),
    Column("marks", Integer, nullable=False),
    id_column("checked_by", nullable=True),
    Column("checked_at", Utc),
)


def save(db: Connection, extract: Extract) -> None:
    add(db, extracts, extract)


def load(db: Connection, area_id: AreaId, version_id: VersionId) -> Extract | None:
    return first(
        db, extracts, Extract, extracts.c.area_id == area_id, extracts.c.version_id == version_id
    )


def of_case(db: Connection, area_id: AreaId, case_id: CaseId) -> list[Extract]:
    """Oldest first."""
    return every(
        db,
        extracts,
        Extract,
        extracts.c.area_id == area_id,
        extracts.c.case_id == case_id,
        order=[extracts.c.made_at, extracts.c.version_id],
    )


def among(
    db: Connection, area_id: AreaId, version_ids: Iterable[VersionId]
) -> dict[VersionId, Extract]:
    """Those of these versions that are extracts."""
    found = every(
        db,
        extracts,
        Extract,
        extracts.c.area_id == area_id,
        extracts.c.version_id.in_(sorted(set(version_ids))),
    )
    return {extract.version_id: extract for extract in found}


def check(
    db: Connection, area_id: AreaId, version_id: VersionId, by: PersonId, at: datetime
) -> None:
    change(
        db,
        extracts,
        extracts.c.area_id == area_id,
        extracts.c.version_id == version_id,
        checked_by=by,
        checked_at=at,
    )
