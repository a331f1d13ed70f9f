"""One state of the whole database as an SQLite file, while people work, and from it back.

From SQLite it is `VACUUM INTO`: one read transaction, which keeps no writer waiting, and a file
without free pages, so nothing that was deleted goes along. From PostgreSQL the rows of one
read-only transaction are copied into the same tables; a snapshot is the same file from either.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, func, select

from portal.ledger.tables import ledger_metadata
from portal.records import database
from portal.records.tables import metadata

AT_ONCE = 500

Migrate = Callable[[Engine], None]


def take(engine: Engine, to: Path, migrate: Migrate) -> None:
    """Write the snapshot to `to`, which must not be there; `migrate` makes the tables of an empty
    database."""
    if engine.dialect.name == "sqlite":
        with closing(engine.raw_connection()) as connection:
            cursor = connection.cursor()
            cursor.execute("VACUUM INTO ?", (str(to),))
            cursor.close()
        return
    made = database.open_engine(f"sqlite:///{to}")
    migrate(made)
    with database.reading(engine) as source:
        fill(source, made)
    made.dispose()
    # No log beside it: the snapshot is one file.
    with closing(sqlite3.connect(to)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")


def fill(source: Connection, target: Engine) -> None:
    """Copy every row into a migrated database, in one transaction. Raises ValueError where it holds
    rows already."""
    with target.begin() as db:
        for table in (*metadata.sorted_tables, *ledger_metadata.sorted_tables):
            if db.execute(select(func.count()).select_from(table)).scalar_one():
                raise ValueError(f"it is not empty: there are rows in {table.name}")
            rows = source.execute(select(table).order_by(*table.primary_key)).mappings()
            for some in rows.partitions(AT_ONCE):
                db.execute(table.insert(), [dict(row) for row in some])


@contextmanager
def looked_into(snapshot: Path) -> Iterator[Connection]:
    """Read a snapshot without changing a byte of it."""
    place = f"file:{quote(str(snapshot))}?mode=ro&immutable=1"
    engine = create_engine("sqlite://", creator=lambda: sqlite3.connect(place, uri=True))
    try:
        with engine.connect() as db:
            yield db
    finally:
        engine.dispose()
