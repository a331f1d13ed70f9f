"""One MetaData for every table, the column types, and the four ways to read and write rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, TypeVar

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    DateTime,
    MetaData,
    String,
    Table,
    delete,
    insert,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

V = TypeVar("V")


class Utc(TypeDecorator[datetime]):
    """An aware UTC time, kept without a zone. A naive one is refused, never guessed."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC)


class Closed(TypeDecorator[StrEnum]):
    """A member of a closed list, kept by its value; an unknown value is an error on reading."""

    impl = String
    cache_ok = True

    def __init__(self, kind: type[StrEnum]) -> None:
        super().__init__(40)
        self.kind = kind

    def process_bind_param(self, value: StrEnum | None, dialect: Dialect) -> str | None:
        return None if value is None else self.kind(value).value

    def process_result_value(self, value: str | None, dialect: Dialect) -> StrEnum | None:
        return None if value is None else self.kind(value)


class ClosedSet(TypeDecorator[frozenset[StrEnum]]):
    """A set of members of a closed list, kept as their values with spaces between."""

    impl = String
    cache_ok = True

    def __init__(self, kind: type[StrEnum]) -> None:
        super().__init__(400)
        self.kind = kind

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else " ".join(sorted(self.kind(v).value for v in value))

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else frozenset(self.kind(v) for v in value.split())


def id_column(name: str, **options: Any) -> Column[str]:
    """An identifier of ours, or one of the two words `system` and `unit`."""
    return Column(name, String(32), nullable=options.pop("nullable", False), **options)


def area_column() -> Column[str]:
    return id_column("area_id", index=True)


def row(value: Any) -> dict[str, Any]:
    """The columns of a frozen value whose fields are named as its table's columns."""
    return {field.name: getattr(value, field.name) for field in fields(value)}


def add(db: Connection, table: Table, value: Any) -> None:
    db.execute(insert(table).values(**row(value)))


def put(db: Connection, table: Table, value: Any) -> None:
    """Add the row, or replace the one with the same primary key: also when two do so at once."""
    values = row(value)
    keys = [column.name for column in table.primary_key]
    kept = {name: told for name, told in values.items() if name not in keys}
    query = upsert(db, table).values(**values)
    db.execute(query.on_conflict_do_update(index_elements=keys, set_=kept))


def add_once(db: Connection, table: Table, value: Any) -> bool:
    """Add the row unless one with its primary key is there. True for the one that added it, of any
    number at once. The row is asked back, because PostgreSQL's count of rows does not tell."""
    query = upsert(db, table).values(**row(value)).on_conflict_do_nothing()
    return db.execute(query.returning(*table.primary_key)).first() is not None


def upsert(db: Connection, table: Table) -> Any:
    """An INSERT that can say what happens where the row is there already."""
    return {"sqlite": sqlite.insert, "postgresql": postgresql.insert}[db.dialect.name](table)


def first(db: Connection, table: Table, kind: type[V], *where: ColumnElement[bool]) -> V | None:
    """The one row that matches, as a value; None when there is none. More than one is an error."""
    found = db.execute(select(table).where(*where)).mappings().one_or_none()
    return None if found is None else _value(kind, found)


def every(
    db: Connection,
    table: Table,
    kind: type[V],
    *where: ColumnElement[bool],
    order: Sequence[Any] = (),
) -> list[V]:
    rows = db.execute(select(table).where(*where).order_by(*order)).mappings()
    return [_value(kind, found) for found in rows]


def change(db: Connection, table: Table, *where: ColumnElement[bool], **values: Any) -> int:
    """Returns how many rows changed, so that a compare-and-set can be seen to have won."""
    return int(db.execute(update(table).where(*where).values(**values)).rowcount)


def remove(db: Connection, table: Table, *where: ColumnElement[bool]) -> int:
    return int(db.execute(delete(table).where(*where)).rowcount)


def _value(kind: type[V], found: Any) -> V:
    return kind(**{field.name: found[field.name] for field in fields(kind)})  # type: ignore[arg-type]
