"""An empty, migrated database of each kind the portal runs on."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from psycopg import sql
from sqlalchemy import Engine

from portal import migrating
from portal.records.database import open_engine
from tests.real.postgres import Cluster

BOTH = ["SQLite", pytest.param("PostgreSQL", marks=pytest.mark.real("PostgreSQL"))]


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file, made once a process."""
    file = tmp_path_factory.mktemp("migrated") / "portal.db"
    engine = open_engine(f"sqlite:///{file}")
    migrating.upgrade(engine)
    engine.dispose()
    return file


@pytest.fixture(scope="session")
def migrated_postgres(postgres_cluster: Cluster) -> Iterator[str]:
    """The name of a migrated PostgreSQL database, made once a process, to be copied."""
    name = f"migrated_{secrets.token_hex(8)}"
    quoted = sql.Identifier(name)
    with postgres_cluster.connect() as admin:
        admin.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(quoted))
    engine = open_engine(postgres_cluster.url(name).render_as_string(False))
    migrating.upgrade(engine)
    engine.dispose()
    yield name
    with postgres_cluster.connect() as admin:
        admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(quoted))


@contextmanager
def copied(cluster: Cluster, template: str) -> Iterator[Engine]:
    """A database of its own, copied from the migrated one; gone at the end."""
    name = f"records_{secrets.token_hex(8)}"
    quoted = sql.Identifier(name)
    with cluster.connect() as admin:
        admin.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(quoted, sql.Identifier(template))
        )
    engine = open_engine(cluster.url(name).render_as_string(False))
    yield engine
    engine.dispose()
    with cluster.connect() as admin:
        admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(quoted))


def _database(request: pytest.FixtureRequest, folder: Path) -> Iterator[Engine]:
    if request.param == "SQLite":
        source: Path = request.getfixturevalue("migrated_file")
        file = folder / "portal.db"
        file.write_bytes(source.read_bytes())
        engine = open_engine(f"sqlite:///{file}")
        yield engine
        engine.dispose()
        return
    cluster: Cluster = request.getfixturevalue("postgres_cluster")
    with copied(cluster, request.getfixturevalue("migrated_postgres")) as engine:
        yield engine


@pytest.fixture(params=BOTH)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """SQLite and real PostgreSQL in turn, as the portal opens them."""
    yield from _database(request, tmp_path)


@pytest.fixture(scope="session", params=BOTH)
def untouched(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    """One database of each kind for all tests that commit nothing."""
    yield from _database(request, tmp_path_factory.mktemp("untouched"))
