"""Finding lines: newest first, below a position, of one deed, within a time; a page at a time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Connection, select

from portal.ledger.book import Entry
from portal.ledger.tables import ledger_entries

_entry = ledger_entries.c


def newest_first(
    conn: Connection,
    area_id: str,
    *,
    below: int,
    most: int,
    deed: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Iterator[Entry]:
    """Yield at most `most` lines at positions under `below`, the newest first.

    `deed` keeps lines of that deed alone; `since` (inclusive) and `until` (exclusive) are aware.
    """
    query = select(ledger_entries).where(_entry.area_id == area_id, _entry.position < below)
    if deed is not None:
        query = query.where(_entry.deed == deed)
    if since is not None:
        query = query.where(_entry.recorded_at >= since)
    if until is not None:
        query = query.where(_entry.recorded_at < until)
    for row in conn.execute(query.order_by(_entry.position.desc()).limit(most)):
        yield Entry(row.position, row.leaf_hash, row.leaf, row.deed, row.recorded_at)
