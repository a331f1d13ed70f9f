"""Both databases the ledger lives in, with its tables and triggers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, create_engine, event

from tests.ledger.writing import make_tables, write_all


def sqlite_engine(path: Path) -> Engine:
    engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": 30})

    @event.listens_for(engine, "connect")
    def _plain(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=OFF")

    @event.listens_for(engine, "begin")
    def _immediate(conn: Connection) -> None:
        conn.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.real("PostgreSQL"))])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An empty ledger's tables, on SQLite and on PostgreSQL in turn."""
    if request.param == "sqlite":
        made = sqlite_engine(tmp_path / "ledger.db")
    else:
        made = create_engine(request.getfixturevalue("postgres_url"), pool_size=10)
    make_tables(made)
    yield made
    made.dispose()


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[Engine]:
    """An empty ledger's tables on SQLite alone."""
    made = sqlite_engine(tmp_path / "ledger.db")
    make_tables(made)
    yield made
    made.dispose()


@pytest.fixture
def postgresql(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """An empty ledger's tables on PostgreSQL alone."""
    made = create_engine(request.getfixturevalue("postgres_url"))
    make_tables(made)
    yield made
    made.dispose()


@pytest.fixture
def written(engine: Engine) -> Engine:
    """A ledger of 21 lines in six commits."""
    with engine.begin() as conn:
        write_all(conn)
    return engine
