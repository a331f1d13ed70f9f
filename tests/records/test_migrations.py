"""Migrations go up, down and up again, and leave exactly the tables the product works with."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Engine, inspect, text

from portal import migrating
from portal.ledger.tables import append_only_ddl, ledger_metadata
from portal.records.database import open_engine, writing
from portal.records.tables import metadata
from tests.records.conftest import BOTH

TRIGGERS = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
}


@pytest.fixture(params=BOTH)
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    if request.param == "SQLite":
        engine = open_engine(f"sqlite:///{tmp_path / 'portal.db'}")
    else:
        make: Callable[[], URL] = request.getfixturevalue("postgres_database")
        engine = open_engine(make().render_as_string(False))
    yield engine
    engine.dispose()


def tables(engine: Engine) -> set[str]:
    return set(inspect(engine).get_table_names())


def triggers(engine: Engine) -> set[str]:
    with engine.connect() as db:
        return set(db.execute(text(TRIGGERS[engine.dialect.name])).scalars())


def expected_triggers(engine: Engine) -> set[str]:
    made = [line for line in append_only_ddl(engine.dialect.name) if "CREATE TRIGGER" in line]
    return {line.split()[2] for line in made}


def test_up_leaves_exactly_the_tables_of_the_models(empty: Engine) -> None:
    migrating.upgrade(empty)
    assert tables(empty) == {*metadata.tables, *ledger_metadata.tables, "alembic_version"}
    with empty.connect() as db:
        context = MigrationContext.configure(db, opts={"compare_type": True})
        assert compare_metadata(context, [metadata, ledger_metadata]) == []
    assert migrating.is_current(empty)


def test_up_leaves_the_triggers_of_the_ledger(empty: Engine) -> None:
    migrating.upgrade(empty)
    assert triggers(empty) == expected_triggers(empty)
    assert len(triggers(empty)) >= 9


def test_columns_may_be_empty_exactly_where_the_models_say(empty: Engine) -> None:
    migrating.upgrade(empty)
    inspector = inspect(empty)
    for table in [*metadata.sorted_tables, *ledger_metadata.sorted_tables]:
        found = {c["name"]: bool(c["nullable"]) for c in inspector.get_columns(table.name)}
        assert found == {c.name: bool(c.nullable) for c in table.columns}, table.name


def test_keys_and_uniqueness_are_those_of_the_models(empty: Engine) -> None:
    migrating.upgrade(empty)
    inspector = inspect(empty)
    for table in [*metadata.sorted_tables, *ledger_metadata.sorted_tables]:
        key = inspector.get_pk_constraint(table.name)["constrained_columns"]
        assert key == [c.name for c in table.primary_key.columns], table.name


def test_down_leaves_nothing_and_up_again_is_whole(empty: Engine) -> None:
    migrating.upgrade(empty)
    migrating.downgrade(empty)
    assert tables(empty) <= {"alembic_version"}
    assert triggers(empty) == set()
    if empty.dialect.name == "postgresql":
        with empty.connect() as db:
            named = text("SELECT count(*) FROM pg_proc WHERE proname = 'ledger_refuse'")
            assert db.execute(named).scalar_one() == 0
    assert not migrating.is_current(empty)
    migrating.upgrade(empty)
    assert triggers(empty) == expected_triggers(empty)
    assert migrating.is_current(empty)


def test_up_twice_changes_nothing(empty: Engine) -> None:
    migrating.upgrade(empty)
    with writing(empty) as db:
        stamp = {"name": "timer", "ended_at": "2026-05-04 09:00:00", "trouble": ""}
        insert = (
            "INSERT INTO job_runs (name, ended_at, trouble) VALUES (:name, :ended_at, :trouble)"
        )
        db.execute(text(insert), stamp)
        db.commit()
    migrating.upgrade(empty)
    with empty.connect() as db:
        assert db.execute(text("SELECT count(*) FROM job_runs")).scalar_one() == 1


def test_an_empty_database_is_not_taken_for_a_migrated_one(empty: Engine) -> None:
    assert not migrating.is_current(empty)


def test_the_newest_revision_is_the_one_that_would_be_migrated_to(empty: Engine) -> None:
    heads = ScriptDirectory.from_config(migrating.config(empty)).get_heads()
    assert migrating.newest() == set(heads) != set()
    assert not migrating.is_current(empty)
    assert migrating.revision(empty) == ""
    migrating.upgrade(empty)
    assert {migrating.revision(empty)} == set(heads)
    with empty.begin() as db:
        db.execute(text("UPDATE alembic_version SET version_num = 'other'"))
    assert not migrating.is_current(empty)
