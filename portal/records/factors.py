"""Backup codes, the throttle's buckets, and the browsers that were here before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    Column,
    Connection,
    Integer,
    LargeBinary,
    String,
    Table,
    func,
    select,
)

from portal.domain.ids import AccountId, AreaId
from portal.records.database import lock_counters
from portal.records.schema import (
    Utc,
    add,
    area_column,
    change,
    every,
    first,
    id_column,
    metadata,
    put,
    remove,
)

backup_codes = Table(
    "backup_codes",
    metadata,
    id_column("person_id", primary_key=True),
    area_column(),
    Column("position", Integer, primary_key=True),
    Column("salt", LargeBinary, nullable=False),
    Column("code_hash", LargeBinary, nullable=False),
    Column("used_at", Utc),
)

throttle = Table(
    "throttle",
    metadata,
    Column("key", String(80), primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("first_at", Utc, nullable=False),
    Column("last_at", Utc, nullable=False),
    Column("blocked_until", Utc),
)

devices = Table(
    "devices",
    metadata,
    Column("token_hash", LargeBinary, primary_key=True),
    area_column(),
    id_column("person_id", index=True),
    Column("seen_at", Utc, nullable=False),
)


@dataclass(frozen=True)
class BackupCode:
    person_id: AccountId
    area_id: AreaId
    position: int
    salt: bytes
    code_hash: bytes
    used_at: datetime | None


@dataclass(frozen=True)
class ThrottleRow:
    key: str
    failures: int
    first_at: datetime
    last_at: datetime
    blocked_until: datetime | None


@dataclass(frozen=True)
class Device:
    """A browser that has signed in as this person before (the hash of its token)."""

    token_hash: bytes
    area_id: AreaId
    person_id: AccountId
    seen_at: datetime


def save_backup_codes(db: Connection, person_id: AccountId, codes: list[BackupCode]) -> None:
    """Replaces all of the person's codes."""
    remove(db, backup_codes, backup_codes.c.person_id == person_id)
    for code in codes:
        add(db, backup_codes, code)


def backup_codes_of(db: Connection, person_id: AccountId) -> list[BackupCode]:
    return every(
        db,
        backup_codes,
        BackupCode,
        backup_codes.c.person_id == person_id,
        order=[backup_codes.c.position],
    )


def spend_backup_code(db: Connection, person_id: AccountId, position: int, at: datetime) -> bool:
    """False when it was spent already."""
    return (
        change(
            db,
            backup_codes,
            backup_codes.c.person_id == person_id,
            backup_codes.c.position == position,
            backup_codes.c.used_at.is_(None),
            used_at=at,
        )
        == 1
    )


def buckets(db: Connection, keys: list[str]) -> dict[str, ThrottleRow]:
    """The counters under these keys, held until the transaction ends, so that attempts made at
    the same moment count each other (a writing transaction on SQLite is alone anyhow)."""
    lock_counters(db)
    found = every(db, throttle, ThrottleRow, throttle.c.key.in_(keys))
    return {bucket.key: bucket for bucket in found}


def bucket(db: Connection, key: str) -> ThrottleRow | None:
    """One counter as it stands; nothing is held."""
    return first(db, throttle, ThrottleRow, throttle.c.key == key)


def save_bucket(db: Connection, bucket: ThrottleRow) -> None:
    put(db, throttle, bucket)


def clear_bucket(db: Connection, key: str) -> None:
    remove(db, throttle, throttle.c.key == key)


def sweep_buckets(db: Connection, kind: str, touched: datetime) -> int:
    """The counters of one kind (the first word of their keys) that were last touched by then."""
    return remove(
        db,
        throttle,
        throttle.c.key.startswith(f"{kind}:", autoescape=True),
        throttle.c.last_at <= touched,
    )


def drop_surplus(db: Connection, kind: str, most: int) -> int:
    """Of more than `most` counters of one kind, those with the fewest failures go, the oldest of
    them first."""
    of_kind = throttle.c.key.startswith(f"{kind}:", autoescape=True)
    surplus = int(db.scalar(select(func.count()).where(of_kind)) or 0) - most
    if surplus <= 0:
        return 0
    order = (throttle.c.failures, throttle.c.last_at, throttle.c.key)
    least = select(throttle.c.key).where(of_kind).order_by(*order).limit(surplus)
    return remove(db, throttle, throttle.c.key.in_(least))


def save_device(db: Connection, device: Device) -> None:
    put(db, devices, device)


def device_by(db: Connection, token_hash: bytes) -> Device | None:
    return first(db, devices, Device, devices.c.token_hash == token_hash)


def remove_device(db: Connection, token_hash: bytes) -> int:
    return remove(db, devices, devices.c.token_hash == token_hash)


def sweep_devices(db: Connection, seen: datetime) -> int:
    """The browsers, and places, from which nobody has signed in since then."""
    return remove(db, devices, devices.c.seen_at <= seen)


def remove_devices(db: Connection, person_id: AccountId) -> int:
    return remove(db, devices, devices.c.person_id == person_id)
