"""Every column that is sealed under the server's field key, and what each field is bound to.

Names and secrets of second factors, what is recorded of an agency's single sign-on, and who is whom
there. None of it is a document.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Table, select, update

from portal.records.cards import cards
from portal.records.generators import generators
from portal.records.passkeys import passkeys
from portal.records.providers import provider_links, providers


@dataclass(frozen=True)
class SealedColumn:
    """`place` tells, of a row, what its field is bound to beside table and column."""

    table: Table
    column: str
    place: Callable[[Any], str]


COLUMNS = (
    SealedColumn(generators, "name", lambda row: str(row.id)),
    SealedColumn(generators, "secret", lambda row: str(row.id)),
    SealedColumn(cards, "name", lambda row: str(row.id)),
    SealedColumn(passkeys, "name", lambda row: str(row.id)),
    SealedColumn(providers, "settings", lambda row: f"{row.area_id} {row.agency_id}"),
    SealedColumn(provider_links, "proof", lambda row: f"{row.agency_id} {row.subject.hex()}"),
)


def keys_of(db: Connection, sealed: SealedColumn) -> list[tuple[Any, ...]]:
    """The primary key of every row of its table."""
    return [tuple(row) for row in db.execute(select(*sealed.table.primary_key))]


def fields_at(
    db: Connection, sealed: SealedColumn, keys: list[tuple[Any, ...]]
) -> Iterator[tuple[tuple[Any, ...], str, bytes]]:
    """Of each row that is still there: its primary key, what its field is bound to, the field."""
    for key in keys:
        row = db.execute(select(sealed.table).where(*_is(sealed.table, key))).one_or_none()
        if row is not None:
            yield key, sealed.place(row), bytes(row._mapping[sealed.column])


def swap(
    db: Connection, sealed: SealedColumn, key: tuple[Any, ...], was: bytes, now: bytes
) -> bool:
    """Put a field in the place of exactly the one that was read; False where it changed since."""
    where = (*_is(sealed.table, key), sealed.table.c[sealed.column] == was)
    return bool(
        db.execute(update(sealed.table).where(*where).values({sealed.column: now})).rowcount
    )


def _is(table: Table, key: tuple[Any, ...]) -> list[Any]:
    return [column == value for column, value in zip(table.primary_key, key, strict=True)]
