"""Finding lines: newest first, below a position, of one deed, within a time; a page at a time."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
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


def of_deeds(
    conn: Connection, area_id: str, deeds: Collection[str], wanted: Callable[[bytes], bool]
) -> Iterator[Entry]:
    """Yield the lines of these deeds whose leaf is `wanted`, oldest first.

    Every such line is looked at, one at a time: for a question that is seldom asked.
    """
    query = (
        select(ledger_entries)
        .where(_entry.area_id == area_id, _entry.deed.in_(sorted(deeds)))
        .order_by(_entry.position)
        .execution_options(yield_per=1000)
    )
    for row in conn.execute(query):
        if wanted(row.leaf):
            yield Entry(row.position, row.leaf_hash, row.leaf, row.deed, row.recorded_at)


def mentions(
    conn: Connection, area_id: str, deeds: Collection[str], named: bytes, *, after: int
) -> list[bytes]:
    """The leaves of these deeds at positions above `after` that hold these bytes, oldest first.

    Every such line is looked at: for deeds that are seldom done. What a leaf says of `named` is for
    the caller to read.
    """
    query = (
        select(_entry.leaf)
        .where(_entry.area_id == area_id, _entry.deed.in_(sorted(deeds)), _entry.position > after)
        .order_by(_entry.position)
    )
    return [leaf for leaf in conn.execute(query).scalars() if named in leaf]
