"""Notices waiting to be sent, written in the same transaction as the deed they tell of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, Column, Connection, Integer, String, Table, func, select

from portal.domain.ids import AreaId
from portal.records.schema import (
    Closed,
    Utc,
    add,
    area_column,
    change,
    every,
    id_column,
    metadata,
)


class Delivery(StrEnum):
    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"


outbox = Table(
    "outbox",
    metadata,
    id_column("id", primary_key=True),
    area_column(),
    Column("address", String(254), nullable=False),
    Column("letter", String(40), nullable=False),
    Column("fields", JSON, nullable=False),
    Column("delivery", Closed(Delivery), nullable=False),
    Column("tries", Integer, nullable=False),
    Column("next_at", Utc, nullable=False),
    Column("made_at", Utc, nullable=False),
)


@dataclass(frozen=True)
class Notice:
    """A notice: which letter, to whom, with which fields. Never content (rule 16)."""

    id: str
    area_id: AreaId
    address: str
    letter: str
    fields: dict[str, str]
    delivery: Delivery
    tries: int
    next_at: datetime
    made_at: datetime


def save(db: Connection, notice: Notice) -> None:
    add(db, outbox, notice)


def any_due(db: Connection, now: datetime) -> bool:
    query = select(outbox.c.id).where(
        outbox.c.delivery == Delivery.WAITING, outbox.c.next_at <= now
    )
    return db.execute(query.limit(1)).first() is not None


def due(db: Connection, now: datetime, limit: int = 50) -> list[Notice]:
    """Oldest first; on PostgreSQL locked so that two senders never take the same one."""
    query = (
        select(outbox)
        .where(outbox.c.delivery == Delivery.WAITING, outbox.c.next_at <= now)
        .order_by(outbox.c.made_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return [Notice(**found) for found in db.execute(query).mappings()]


def settle(
    db: Connection, notice_id: str, delivery: Delivery, tries: int, next_at: datetime
) -> None:
    """Record the outcome, unless another sender has settled it. The fields of what was sent go:
    a joining link must not lie about."""
    values: dict[str, object] = {"delivery": delivery, "tries": tries, "next_at": next_at}
    if delivery is not Delivery.WAITING:
        values["fields"] = {}
    change(db, outbox, outbox.c.id == notice_id, outbox.c.delivery == Delivery.WAITING, **values)


def failed(db: Connection, area_id: AreaId) -> list[Notice]:
    return every(
        db, outbox, Notice, outbox.c.area_id == area_id, outbox.c.delivery == Delivery.FAILED
    )


def counts(db: Connection, area_id: AreaId) -> dict[Delivery, int]:
    query = (
        select(outbox.c.delivery, func.count())
        .where(outbox.c.area_id == area_id)
        .group_by(outbox.c.delivery)
    )
    found = {Delivery(delivery): int(count) for delivery, count in db.execute(query)}
    return {delivery: found.get(delivery, 0) for delivery in Delivery}
