"""Areas."""

from __future__ import annotations

from sqlalchemy import Column, Connection, Integer, String, Table

from portal.domain.ids import AreaId
from portal.domain.people import Area
from portal.records.schema import Utc, add, change, every, first, id_column, metadata

areas = Table(
    "areas",
    metadata,
    id_column("id", primary_key=True),
    Column("name", String(120), nullable=False),
    Column("title", String(80), nullable=False),
    Column("phone", String(40), nullable=False),
    Column("unit_email", String(254), nullable=False),
    Column("ledger_vkey", String(200), nullable=False),
    Column("created_at", Utc, nullable=False),
    Column("originals_days", Integer, nullable=False),
    Column("dormant_days", Integer, nullable=False),
)


def save(db: Connection, area: Area) -> None:
    add(db, areas, area)


def load(db: Connection, area_id: AreaId) -> Area | None:
    return first(db, areas, Area, areas.c.id == area_id)


def all_areas(db: Connection) -> list[Area]:
    return every(db, areas, Area, order=[areas.c.name])


def sign_by(db: Connection, area_id: AreaId, vkey: str) -> None:
    change(db, areas, areas.c.id == area_id, ledger_vkey=vkey)


def keep_originals(db: Connection, area_id: AreaId, days: int) -> None:
    change(db, areas, areas.c.id == area_id, originals_days=days)


def close_unused_after(db: Connection, area_id: AreaId, days: int) -> None:
    change(db, areas, areas.c.id == area_id, dormant_days=days)
