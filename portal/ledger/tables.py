"""The ledger's tables, and the triggers and grants that make them grow only.

No foreign keys: nothing cascades away with its subject.  The head is the one row that changes; it
is also the writer's lock.  On SQLite the tables have no hidden row numbers, by which a REPLACE
could push out a line of another key.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Dialect,
    Index,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
)

from portal.ledger.leaf import moment, read_moment

ledger_metadata = MetaData()


class Moment(TypeDecorator[datetime]):
    """A time kept as the very text that stands in the leaf; sorts as time does."""

    impl = String(32)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> str | None:
        return None if value is None else moment(value)

    def process_result_value(self, value: Any | None, _dialect: Dialect) -> datetime | None:
        return None if value is None else read_moment(value)


def _key(name: str, kind: type[BigInteger] | String) -> Column[Any]:
    return Column(name, kind, primary_key=True, autoincrement=False)


_AREA = String(64)

ledger_heads = Table(
    "ledger_heads",
    ledger_metadata,
    _key("area_id", _AREA),
    Column("origin", String(255), nullable=False, unique=True),
    Column("size", BigInteger, nullable=False),
    Column("root", LargeBinary(32), nullable=False),
    sqlite_with_rowid=False,
)

ledger_entries = Table(
    "ledger_entries",
    ledger_metadata,
    _key("area_id", _AREA),
    _key("position", BigInteger),
    Column("leaf", LargeBinary, nullable=False),
    Column("leaf_hash", LargeBinary(32), nullable=False),
    Column("deed", String(64), nullable=False),
    Column("recorded_at", Moment, nullable=False),
    Index("ledger_entries_by_hash", "area_id", "leaf_hash"),
    Index("ledger_entries_by_deed", "area_id", "deed", "position"),
    Index("ledger_entries_by_time", "area_id", "recorded_at"),
    sqlite_with_rowid=False,
)

ledger_nodes = Table(
    "ledger_nodes",
    ledger_metadata,
    _key("area_id", _AREA),
    _key("level", BigInteger),
    _key("position", BigInteger),
    Column("hash", LargeBinary(32), nullable=False),
    sqlite_with_rowid=False,
)

ledger_checkpoints = Table(
    "ledger_checkpoints",
    ledger_metadata,
    _key("area_id", _AREA),
    _key("size", BigInteger),
    Column("note", Text, nullable=False),
    sqlite_with_rowid=False,
)

_GROWING = (ledger_entries, ledger_nodes, ledger_checkpoints)


def append_only_ddl(dialect_name: str) -> list[str]:
    """Return the statements that refuse every change but growth; for SQLite or PostgreSQL.

    Entries, nodes and checkpoints refuse UPDATE, DELETE, REPLACE and TRUNCATE; a head can only
    be replaced by a larger one, and never go.
    """
    if dialect_name == "sqlite":
        return [
            *(line for table in _GROWING for line in _sqlite(table)),
            _sqlite_trigger(ledger_heads, "delete", "BEFORE DELETE", "1"),
            _sqlite_trigger(ledger_heads, "insert", "BEFORE INSERT", _taken(ledger_heads)),
            _sqlite_trigger(ledger_heads, "update", "BEFORE UPDATE", f"NOT ({_GROWS})"),
        ]
    if dialect_name == "postgresql":
        return [
            _PG_FUNCTION,
            *(
                line
                for table in _GROWING
                for line in (
                    *_pg_trigger(table, "change", "UPDATE OR DELETE"),
                    *_pg_trigger(table, "truncate", "TRUNCATE"),
                )
            ),
            *_pg_trigger(ledger_heads, "change", "DELETE"),
            *_pg_trigger(ledger_heads, "truncate", "TRUNCATE"),
            *_pg_trigger(ledger_heads, "update", "UPDATE", f"FOR EACH ROW WHEN (NOT ({_GROWS}))"),
        ]
    raise ValueError(f"the ledger knows no database called {dialect_name}")


def drop_ddl(dialect_name: str) -> list[str]:
    """Return the statements that take away what ``append_only_ddl`` made."""
    if dialect_name == "sqlite":
        return [
            f"DROP TRIGGER IF EXISTS {table.name}_{what}"
            for table in (*_GROWING, ledger_heads)
            for what in ("update", "delete", "insert")
        ]
    if dialect_name == "postgresql":
        return [
            *(
                f"DROP TRIGGER IF EXISTS {table.name}_{what} ON {table.name}"
                for table in (*_GROWING, ledger_heads)
                for what in ("change", "truncate", "update")
            ),
            "DROP FUNCTION IF EXISTS ledger_refuse()",
        ]
    raise ValueError(f"the ledger knows no database called {dialect_name}")


def grants_ddl(role: str) -> list[str]:
    """Return the PostgreSQL statements that let ``role`` append and read, and nothing else.

    The role must not own the tables: an owner may always drop a trigger.
    """
    quoted = '"' + role.replace('"', '""') + '"'
    lines = [f"REVOKE ALL ON {table.name} FROM {quoted}" for table in (*_GROWING, ledger_heads)]
    lines += [f"GRANT SELECT, INSERT ON {table.name} TO {quoted}" for table in _GROWING]
    # UPDATE of the head is also what its lock needs.
    lines.append(f"GRANT SELECT, INSERT, UPDATE (size, root) ON ledger_heads TO {quoted}")
    return lines


_MESSAGE = "the ledger only grows"
_GROWS = "NEW.size > OLD.size AND NEW.area_id = OLD.area_id AND NEW.origin = OLD.origin"
_CALL = "EXECUTE FUNCTION ledger_refuse()"
_PG_FUNCTION = (
    "CREATE OR REPLACE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    f"RAISE EXCEPTION USING MESSAGE = '{_MESSAGE}', ERRCODE = 'restrict_violation'; END $$"
)


def _sqlite(table: Table) -> tuple[str, ...]:
    return (
        _sqlite_trigger(table, "update", "BEFORE UPDATE", "1"),
        _sqlite_trigger(table, "delete", "BEFORE DELETE", "1"),
        # REPLACE deletes without firing delete triggers; refusing a taken key stops it before.
        _sqlite_trigger(table, "insert", "BEFORE INSERT", _taken(table)),
    )


def _taken(table: Table) -> str:
    same = " AND ".join(f"{column.name} = NEW.{column.name}" for column in table.primary_key)
    if table is ledger_heads:
        same += " OR origin = NEW.origin"
    # Names of our own tables and columns only; nothing here comes from outside.
    return f"EXISTS (SELECT 1 FROM {table.name} WHERE {same})"  # noqa: S608


def _sqlite_trigger(table: Table, what: str, when: str, condition: str) -> str:
    return (
        f"CREATE TRIGGER {table.name}_{what} {when} ON {table.name} WHEN {condition} "
        f"BEGIN SELECT RAISE(ABORT, '{_MESSAGE}'); END"
    )


def _pg_trigger(table: Table, what: str, events: str, scope: str = "") -> tuple[str, str]:
    name, each = f"{table.name}_{what}", scope or "FOR EACH STATEMENT"
    return (
        f"CREATE TRIGGER {name} BEFORE {events} ON {table.name} {each} {_CALL}",
        # Replication roles skip ordinary triggers; this one fires for them as well.
        f"ALTER TABLE {table.name} ENABLE ALWAYS TRIGGER {name}",
    )
