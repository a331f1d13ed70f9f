"""Finding lines: newest first, below a position, of one deed, within a time; a page at a time."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import datetime

from sqlalchemy import Connection, select

from portal.ledger.book import Entry, head
from portal.ledger.leaf import Value, decode
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


def oldest(conn: Connection, area_id: str, deed: str) -> Entry | None:
    """The first line of this deed; None where there is none. Proving it is for the caller."""
    query = select(ledger_entries).where(_entry.area_id == area_id, _entry.deed == deed)
    row = conn.execute(query.order_by(_entry.position).limit(1)).first()
    if row is None:
        return None
    return Entry(row.position, row.leaf_hash, row.leaf, row.deed, row.recorded_at)


def newest_about(
    conn: Connection,
    area_id: str,
    deed: str,
    about: Mapping[str, Value],
    *,
    since: datetime | None = None,
) -> Entry | None:
    """The newest line of this deed that holds these fields; None where there is none.

    Whether it is proven is for the caller to ask.
    """
    named = [_as_written(value) for value in about.values() if isinstance(value, str)]
    size = head(conn, area_id).size
    for entry in newest_first(conn, area_id, below=size, most=size, deed=deed, since=since):
        # Most lines are somebody else's, and a look at the bytes is cheaper than reading them.
        if all(value in entry.leaf for value in named):
            told = decode(entry.leaf)
            if told["deed"] == deed and all(told.get(k) == v for k, v in about.items()):
                return entry
    return None


def _as_written(text: str) -> bytes:
    """A text as a leaf has it; one that UTF-8 cannot write is in none."""
    return json.dumps(text, ensure_ascii=False).encode("utf-8", "surrogatepass")


def of_deeds(
    conn: Connection, area_id: str, deeds: Collection[str], wanted: Callable[[bytes], bool]
) -> Iterator[Entry]:
    """Yield the lines of these deeds whose leaf is `wanted`, oldest first.

    Every such line is looked at, one at a time: for deeds that are seldom done, or a
    question that is seldom asked.
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
