"""Payloads in the store that no row named when a sweep looked, and when it first saw them.

A sending puts its payload before it commits the row that names it, so one look proves nothing: a
name is removed only when it was an orphan already at a sweep long before.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Column, Connection, String, Table, delete, select

from portal.records.schema import Utc, metadata, upsert

orphans = Table(
    "orphans",
    metadata,
    Column("payload", String(64), primary_key=True),
    Column("seen_at", Utc, nullable=False),
)


def seen(db: Connection) -> dict[str, datetime]:
    return {row.payload: row.seen_at for row in db.execute(select(orphans))}


def keep(db: Connection, payloads: Iterable[str], at: datetime) -> None:
    """Notes payloads that are not noted yet."""
    for payload in payloads:
        noted = upsert(db, orphans).values(payload=payload, seen_at=at)
        db.execute(noted.on_conflict_do_nothing())


def forget(db: Connection, payloads: Iterable[str]) -> None:
    for payload in payloads:
        db.execute(delete(orphans).where(orphans.c.payload == payload))
