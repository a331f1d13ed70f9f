"""What outsiders tried: counted, so that nobody can flood it, and kept apart from the ledger."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, Connection, Integer, String, Table

from portal.records.database import lock_counters
from portal.records.schema import Utc, every, metadata, remove, row, upsert

security_log = Table(
    "security_log",
    metadata,
    Column("hour", Utc, primary_key=True),
    Column("kind", String(40), primary_key=True),
    Column("source", String(64), primary_key=True),
    Column("times", Integer, nullable=False),
    Column("last_at", Utc, nullable=False),
)


@dataclass(frozen=True)
class Attempt:
    """`times` attempts of one `kind` from one `source` (a keyed hash of an address) in one hour."""

    hour: datetime
    kind: str
    source: str
    times: int
    last_at: datetime


def count(db: Connection, kind: str, source: str, at: datetime) -> None:
    lock_counters(db)
    hour = at.replace(minute=0, second=0, microsecond=0)
    first_one = row(Attempt(hour, kind, source, 1, at))
    query = upsert(db, security_log).values(**first_one)
    db.execute(
        query.on_conflict_do_update(
            index_elements=["hour", "kind", "source"],
            set_={"times": security_log.c.times + 1, "last_at": at},
        )
    )


def since(db: Connection, after: datetime) -> list[Attempt]:
    return every(
        db, security_log, Attempt, security_log.c.hour >= after, order=[security_log.c.hour]
    )


def sweep(db: Connection, before: datetime) -> int:
    return remove(db, security_log, security_log.c.hour < before)
