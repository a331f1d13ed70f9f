"""The throttle's counters as rows: read under their lock, and written back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from portal.identity.throttle_keys import Bucket
from portal.records import factors


def load(db: Connection, keys: list[str]) -> list[Bucket]:
    """The counters under these keys, empty where there is no row, held until the end."""
    rows = factors.buckets(db, keys)
    return [_counter(key, rows.get(key)) for key in keys]


def peek(db: Connection, key: str) -> Bucket:
    """One counter as it stands, held by nobody: to ask, not to count."""
    return _counter(key, factors.bucket(db, key))


def save(db: Connection, bucket: Bucket, now: datetime) -> None:
    """Write one counter back; an empty one needs no row."""
    if bucket.failures == 0:
        factors.clear_bucket(db, bucket.key)
        return
    factors.save_bucket(
        db,
        factors.ThrottleRow(
            bucket.key,
            bucket.failures,
            bucket.first_at or now,
            bucket.last_at or now,
            bucket.blocked_until,
        ),
    )


def _counter(key: str, row: factors.ThrottleRow | None) -> Bucket:
    if row is None:
        return Bucket(key)
    return Bucket(row.key, row.failures, row.first_at, row.last_at, row.blocked_until)
