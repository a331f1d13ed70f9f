"""The test database is a real one, and fresh each time."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import URL, create_engine, text

pytestmark = pytest.mark.real("PostgreSQL")


def test_databases_are_real_empty_and_apart(postgres_database: Callable[[], URL]) -> None:
    first, second = create_engine(postgres_database()), create_engine(postgres_database())
    with first.begin() as conn:
        assert conn.execute(text("SHOW server_version_num")).scalar_one() >= "150000"
        conn.execute(text("CREATE TABLE here (n integer)"))
    with second.begin() as conn:
        listed = text("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
        assert conn.execute(listed).scalar_one() == 0
    first.dispose()
    second.dispose()


def test_nobody_outside_this_machine_can_reach_it(postgres_url: URL) -> None:
    engine = create_engine(postgres_url)
    with engine.begin() as conn:
        assert conn.execute(text("SHOW listen_addresses")).scalar_one() == ""
    engine.dispose()


@pytest.mark.parametrize("turn", [1, 2, 3])
def test_what_one_test_leaves_the_next_does_not_find(postgres_url: URL, turn: int) -> None:
    engine = create_engine(postgres_url)
    with engine.begin() as conn:
        listed = text("SELECT count(*) FROM pg_class WHERE relname IN ('left_here', 'left_there')")
        assert conn.execute(listed).scalar_one() == 0
        conn.execute(text("CREATE TABLE left_here (n integer)"))
        conn.execute(text("CREATE SCHEMA elsewhere"))
        conn.execute(text("CREATE TABLE elsewhere.left_there (n integer)"))
    engine.dispose()
