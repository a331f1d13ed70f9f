"""The database itself refuses every change to the ledger but growth."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.exc import DBAPIError

from portal.ledger import book, verify
from portal.ledger.tables import append_only_ddl, drop_ddl, grants_ddl
from tests.ledger.writing import AREA, SIGNER, a_leaf, at, commit_of, drop_triggers, write_all

GROWING = ("ledger_entries", "ledger_nodes", "ledger_checkpoints")
EVERY = (*GROWING, "ledger_heads")

CHANGES = [
    *(f"DELETE FROM {table}" for table in EVERY),
    *(f"DELETE FROM {table} WHERE area_id = '{AREA}'" for table in EVERY),
    *(f"UPDATE {table} SET area_id = 'south'" for table in EVERY),
    "UPDATE ledger_entries SET deed = deed",
    "UPDATE ledger_entries SET position = position + 100",
    "UPDATE ledger_nodes SET level = level + 1",
    "UPDATE ledger_checkpoints SET note = ''",
    "UPDATE ledger_heads SET size = 0",
    "UPDATE ledger_heads SET size = size - 1",
    "UPDATE ledger_heads SET root = root",
    "UPDATE ledger_heads SET size = size + 1, origin = 'elsewhere'",
    *(f"INSERT INTO {table} SELECT * FROM {table}" for table in EVERY),
]
UPSERT_ON_SQLITE = (
    "INSERT INTO ledger_entries SELECT * FROM ledger_entries WHERE true "
    "ON CONFLICT DO UPDATE SET deed = 'none'"
)
UPSERT_ON_POSTGRESQL = (
    "INSERT INTO ledger_entries SELECT * FROM ledger_entries "
    "ON CONFLICT (area_id, position) DO UPDATE SET deed = 'none'"
)
MERGE = (
    "MERGE INTO ledger_nodes n USING ledger_nodes m "
    "ON n.position = m.position AND n.level = m.level WHEN MATCHED THEN DELETE"
)
ON_SQLITE = [
    *(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}" for table in EVERY),
    *(f"REPLACE INTO {table} SELECT * FROM {table} LIMIT 1" for table in EVERY),
    *(f"INSERT OR IGNORE INTO {table} SELECT * FROM {table} LIMIT 1" for table in EVERY),
    *(f"UPDATE OR REPLACE {table} SET area_id = 'south'" for table in EVERY),
    "REPLACE INTO ledger_heads SELECT 'south', origin, 0, root FROM ledger_heads",
    UPSERT_ON_SQLITE,
]
ON_POSTGRESQL = [
    *(f"TRUNCATE {table}" for table in EVERY),
    *(f"TRUNCATE {table} CASCADE" for table in EVERY),
    UPSERT_ON_POSTGRESQL,
    MERGE,
]


def answer(conn: Connection, change: str) -> str:
    """Return how the database refuses ``change``, or nothing when it obeys; undo it either way."""
    nested = conn.begin_nested()
    try:
        conn.exec_driver_sql(change)
    except DBAPIError as error:
        return str(error.orig)
    finally:
        nested.rollback()
    return ""


def refuses(conn: Connection, change: str) -> bool:
    return answer(conn, change) != ""


def test_every_change_is_refused(written: Engine) -> None:
    own = ON_SQLITE if written.dialect.name == "sqlite" else ON_POSTGRESQL
    with written.begin() as conn:
        for change in CHANGES + own:
            said = answer(conn, change)
            taken_key = change.startswith("INSERT INTO") and "duplicate key" in said
            assert "the ledger only grows" in said or taken_key, (change, said)
        assert verify.audit(conn, AREA, SIGNER.vkey).what is None
        commit_of(conn, [21])


@pytest.mark.parametrize("table", EVERY)
def test_no_hidden_row_number_lets_a_line_be_pushed_out(sqlite: Engine, table: str) -> None:
    with sqlite.begin() as conn:
        write_all(conn)
        assert "no such column" in answer(conn, f"SELECT rowid FROM {table}")


def test_replication_roles_are_refused_too(postgresql: Engine) -> None:
    with postgresql.begin() as conn:
        write_all(conn)
        conn.exec_driver_sql("SET LOCAL session_replication_role = replica")
        assert "only grows" in answer(conn, "DELETE FROM ledger_entries")
        assert "only grows" in answer(conn, "TRUNCATE ledger_nodes")


def test_without_the_triggers_the_changes_would_happen(written: Engine) -> None:
    with written.begin() as conn:
        drop_triggers(conn)
        assert not refuses(conn, "DELETE FROM ledger_entries")
        assert not refuses(conn, "UPDATE ledger_heads SET size = 0")


def test_the_triggers_come_back(written: Engine) -> None:
    with written.begin() as conn:
        drop_triggers(conn)
        drop_triggers(conn)
        for line in append_only_ddl(conn.dialect.name):
            conn.exec_driver_sql(line)
        assert refuses(conn, "DELETE FROM ledger_entries")


def test_the_portals_role_may_append_and_read_and_nothing_else(
    postgresql: Engine, request: pytest.FixtureRequest
) -> None:
    role = f'portal "{postgresql.url.database}"'
    quoted = '"' + role.replace('"', '""') + '"'
    with postgresql.begin() as conn:
        conn.exec_driver_sql(f"CREATE ROLE {quoted} LOGIN")
        for line in grants_ddl(role):
            conn.exec_driver_sql(line)
    portal = create_engine(postgresql.url.set(username=role))
    try:
        with portal.begin() as conn:
            book.open_book(conn, AREA, SIGNER)
            commit_of(conn, range(5))
            assert verify.audit(conn, AREA, SIGNER.vkey).what is None
            owner_things = [
                "ALTER TABLE ledger_entries DISABLE TRIGGER ALL",
                "DROP TRIGGER ledger_entries_change ON ledger_entries",
                "DROP TABLE ledger_nodes",
                *drop_ddl("postgresql")[-1:],
                *append_only_ddl("postgresql")[:1],
            ]
            for change in [*CHANGES, *ON_POSTGRESQL, *owner_things]:
                assert refuses(conn, change), change
    finally:
        portal.dispose()
        with postgresql.begin() as conn:
            conn.exec_driver_sql(f"DROP OWNED BY {quoted}")
            conn.exec_driver_sql(f"DROP ROLE {quoted}")


@pytest.mark.parametrize("dialect", ["mysql", "", "oracle"])
def test_another_database_is_not_guessed_at(dialect: str) -> None:
    for ddl in (append_only_ddl, drop_ddl):
        with pytest.raises(ValueError, match="no database"):
            ddl(dialect)


def test_a_position_is_taken_once(written: Engine) -> None:
    with written.begin() as conn:
        before = book.head(conn, AREA)
        entry = book.append(conn, AREA, a_leaf(21), at(21), SIGNER)
        assert entry.position == before.size
        assert refuses(
            conn,
            "INSERT INTO ledger_entries SELECT area_id, position, leaf, leaf_hash, 'none', "
            f"recorded_at FROM ledger_entries WHERE position = {entry.position}",
        )
