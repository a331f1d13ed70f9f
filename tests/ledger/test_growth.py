"""What one more line costs does not depend on how many there are."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Connection

from portal.ledger import book
from portal.records.database import open_engine, writing
from tests.ledger.writing import AREA, commit_of, make_tables, write_all

EARLY, LATE = 120, 4000


class Steps:
    """Counts what SQLite's virtual machine does, in hundreds of its instructions."""

    def __init__(self) -> None:
        self.counted = 0

    def __call__(self) -> int:
        self.counted += 1
        return 0


@contextmanager
def counted(db: Connection) -> Iterator[Steps]:
    steps, driver = Steps(), db.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    driver.set_progress_handler(steps, 100)
    try:
        yield steps
    finally:
        driver.set_progress_handler(None, 100)


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Connection]:
    engine = open_engine(f"sqlite:///{tmp_path / 'ledger.db'}")
    make_tables(engine)
    with writing(engine) as connection:
        yield connection
    engine.dispose()


def test_appending_and_proving_cost_the_same_early_and_late(db: Connection) -> None:
    write_all(db, [EARLY])
    taken = []
    for grown in (EARLY, LATE):
        size = book.head(db, AREA).size
        if size < grown:
            commit_of(db, range(size, grown))
        with counted(db) as appending:
            commit_of(db, range(grown, grown + 20))
        with counted(db) as proving:
            for position in range(0, grown, grown // 20):
                book.receipt(db, AREA, position)
        taken.append((appending.counted, proving.counted))
    (append_early, prove_early), (append_late, prove_late) = taken
    assert append_late < 3 * append_early + 50
    assert prove_late < 3 * prove_early + 50
