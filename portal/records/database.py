"""Opening the database: SQLite by default (WAL, full sync), PostgreSQL when it grows.

Two kinds of transaction only: `reading`, which can't write, and `writing`, which journeys/deed.py
commits. On SQLite `writing` takes the write lock at once (BEGIN IMMEDIATE), so that what was read
under it stays true until the end; on PostgreSQL the deed locks the area's ledger head.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.pool import QueuePool

BUSY_SECONDS = 20
_COUNTERS = 0x636F756E74


def open_engine(url: str) -> Engine:
    """An engine with the settings the portal relies on; nothing is created or migrated here."""
    if url.startswith("sqlite"):
        engine = create_engine(
            url,
            poolclass=QueuePool,
            pool_size=16,
            max_overflow=64,
            connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False},
            hide_parameters=True,
        )
        event.listen(engine, "connect", _sqlite_connect)
        event.listen(engine, "begin", _sqlite_begin)
        return engine
    return create_engine(
        url, pool_pre_ping=True, pool_size=16, max_overflow=16, hide_parameters=True
    )


def lock_counters(db: Connection) -> None:
    """Hold what is counted (attempts, outsiders) until the transaction ends.

    A counter that has no row yet can't be locked by its row. SQLite has one writer anyway.
    """
    if db.dialect.name == "postgresql":
        db.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _COUNTERS})


def _sqlite_connect(connection: Any, record: Any) -> None:
    # The driver's own transaction handling is off: it would begin late, after the first reads.
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "secure_delete=ON",
        "trusted_schema=OFF",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _sqlite_begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("portal_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A transaction that can only read, and sees one state of the database throughout."""
    with engine.connect() as db:
        if db.dialect.name == "postgresql":
            db = db.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            with db.begin():
                yield db
        else:
            with db.begin():
                db.exec_driver_sql("PRAGMA query_only=ON")
                try:
                    yield db
                finally:
                    db.exec_driver_sql("PRAGMA query_only=OFF")


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A connection in a write transaction. Leaving without a commit rolls everything back."""
    with engine.connect().execution_options(portal_writes=True) as db:
        transaction = db.begin()
        try:
            yield db
        finally:
            if transaction.is_active:
                transaction.rollback()


def shorten_log(engine: Engine) -> bool:
    """On SQLite: write what was changed into the database itself and empty the write-ahead log,
    so that deleted wraps do not linger there. False where a reader was in the way: next time."""
    if engine.dialect.name != "sqlite":
        return True
    with closing(engine.raw_connection()) as connection:
        cursor = connection.cursor()
        # It would wait for readers with every writer waiting behind it: better not now than that.
        cursor.execute("PRAGMA busy_timeout=0")
        try:
            busy, _, _ = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        finally:
            cursor.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")
            cursor.close()
    return not busy


def size_of(db: Connection) -> int:
    """How many bytes the database takes."""
    if db.dialect.name == "postgresql":
        return int(db.execute(text("SELECT pg_database_size(current_database())")).scalar_one())
    pages = db.execute(text("PRAGMA page_count")).scalar_one()
    return int(pages * db.execute(text("PRAGMA page_size")).scalar_one())
