"""Backups of an installation on PostgreSQL, and backups put back into PostgreSQL."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import URL, func, inspect, select
from sqlalchemy.exc import SQLAlchemyError

from portal import migrating
from portal.cli.restore import Known, bring_back
from portal.cli.unpack import BadBackup
from portal.clock import FixedClock
from portal.journeys.running.back_up import Made
from portal.journeys.running.snapshots import fill
from portal.ledger.tables import ledger_metadata
from portal.policy.judge import Refused
from portal.records import people
from portal.records.database import open_engine, reading
from portal.records.tables import metadata
from tests.backup.installation import LATER, Installation, on_database, put_back, stage_of
from tests.backup.test_papers import exported, sent, take_from
from tests.staging import Stage

pytestmark = pytest.mark.real("PostgreSQL")

Databases = Callable[[], URL]


def text_of(url: URL) -> str:
    return url.render_as_string(hide_password=False)


def moved(at: Installation, made: Made, data: Path, url: URL, known: Known | None = None) -> Stage:
    """The backup on a bare machine, with its rows in this database."""
    clock = FixedClock(LATER)
    known = known or Known()
    bring_back(made.folder, made.keys, at.kit, data, known, text_of(url), clock)
    assert not list(data.glob("portal.db*"))
    assert f"PORTAL_DATABASE={text_of(url)}\n" in (data / "portal.env").read_text()
    return stage_of(at, data, clock, text_of(url))


def counted(url: URL) -> dict[str, int]:
    engine = open_engine(text_of(url))
    try:
        with reading(engine) as db:
            return {
                table.name: db.execute(select(func.count()).select_from(table)).scalar_one()
                for table in (*metadata.sorted_tables, *ledger_metadata.sorted_tables)
                if inspect(db).has_table(table.name)
            }
    finally:
        engine.dispose()


def test_there_and_back(at: Installation, postgres_database: Databases, tmp_path: Path) -> None:
    """A small installation grows onto PostgreSQL, is backed up there, and comes back."""
    sent(at)
    url = postgres_database()
    grown = moved(at, at.back_up(tmp_path / "one"), tmp_path / "grown", url)
    try:
        grown.whole()
        assert grown.opens("ruth").startswith(b"%PDF")
        take_from(grown, "joe")
        there = on_database(at, tmp_path / "grown", grown)
        made = there.back_up(tmp_path / "two")
        assert made.contents.missing == ()
        stage, told = put_back(there, made, tmp_path / "small")
        assert [(each.replayed, each.missing) for each in told] == [(0, 0)]
        stage.whole()
        assert stage.opens("ruth").startswith(b"%PDF")
        with pytest.raises(Refused):
            stage.opens("joe")
        assert len(stage.lines("backup.restored")) == 2
    finally:
        grown.house.engine.dispose()


def test_from_one_server_to_another(
    at: Installation, postgres_database: Databases, tmp_path: Path
) -> None:
    first, second = postgres_database(), postgres_database()
    sent(at)
    grown = moved(at, at.back_up(tmp_path / "one"), tmp_path / "grown", first)
    there = on_database(at, tmp_path / "grown", grown)
    made = there.back_up(tmp_path / "two")
    other = moved(there, made, tmp_path / "other", second)
    try:
        # Every row of the backup, and the lines that it and its restoring left.
        before, after = counted(first), counted(second)
        assert {name for name in before if before[name] != after[name]} <= set(
            ledger_metadata.tables
        ) | {"sessions"}
        other.send()
        other.whole()
        assert other.opens("ruth").startswith(b"%PDF")
    finally:
        grown.house.engine.dispose()
        other.house.engine.dispose()


def test_people_work_while_it_is_made(
    at: Installation, postgres_database: Databases, tmp_path: Path
) -> None:
    """What is taken is one state: the ledger's last line has its rows, and nobody waits for it."""
    sent(at)
    grown = moved(at, at.back_up(tmp_path / "one"), tmp_path / "grown", postgres_database())
    there = on_database(at, tmp_path / "grown", grown)
    stop, failed = threading.Event(), []

    def work() -> None:
        while not stop.is_set():
            try:
                assert grown.opens("ruth").startswith(b"%PDF")
            except Exception as error:  # told to the test, whatever it is
                failed.append(error)
                return

    readers = [threading.Thread(target=work) for _ in range(2)]
    for each in readers:
        each.start()
    try:
        backups = [there.back_up(tmp_path / f"made-{number}") for number in range(3)]
    finally:
        stop.set()
        for each in readers:
            each.join(60)
    assert not failed
    for number, made in enumerate(backups):
        stage, _ = put_back(there, made, tmp_path / f"bare-{number}")
        stage.whole()
        assert stage.opens("ruth").startswith(b"%PDF")
        stage.house.engine.dispose()
    grown.house.engine.dispose()


def test_a_database_with_rows_in_it_is_left_alone(
    at: Installation, postgres_database: Databases, tmp_path: Path
) -> None:
    made, url = at.back_up(tmp_path / "backups"), postgres_database()
    moved(at, made, tmp_path / "first", url).house.engine.dispose()
    before = counted(url)
    with pytest.raises(BadBackup, match="not empty"):
        moved(at, made, tmp_path / "second", url)
    assert not (tmp_path / "second").exists()
    assert counted(url) == before


def test_a_refused_backup_leaves_the_database_empty(
    at: Installation, postgres_database: Databases, tmp_path: Path
) -> None:
    """Lines are known to be missing: nothing is put back, and it can be tried again."""
    sent(at)
    made, url = at.back_up(tmp_path / "backups"), postgres_database()
    take_from(at.stage, "joe")
    checkpoint, _ = exported(at.stage)
    with pytest.raises(BadBackup, match="more are known"):
        moved(at, made, tmp_path / "bare", url, Known([checkpoint]))
    assert not any(counted(url).values())
    known = Known([checkpoint], accept_missing=True)
    stage = moved(at, made, tmp_path / "bare", url, known)
    assert stage.lines("backup.restored")[0]["missing"] == 2
    stage.house.engine.dispose()


def test_rows_that_do_not_go_in_leave_none(
    at: Installation, postgres_database: Databases, tmp_path: Path
) -> None:
    """Broken off in the middle of the rows: all or nothing."""
    url = postgres_database()
    target = open_engine(text_of(url))
    migrating.upgrade(target)
    with target.begin() as db:
        db.exec_driver_sql(
            "CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'the disk is full'; END $$"
        )
        db.exec_driver_sql(
            f"CREATE TRIGGER no BEFORE INSERT ON {people.people.name} EXECUTE FUNCTION no()"
        )
    with pytest.raises(SQLAlchemyError), reading(at.stage.house.engine) as db:
        fill(db, target)
    target.dispose()
    assert not any(counted(url).values())
    made = at.back_up(tmp_path / "backups")
    with pytest.raises(BadBackup, match="The database refused"):
        moved(at, made, tmp_path / "bare", url)
    assert not (tmp_path / "bare").exists()


def test_a_database_that_is_not_there_is_said(at: Installation, tmp_path: Path) -> None:
    url = URL.create("postgresql+psycopg", "portal", None, "127.0.0.1", 9, "portal")
    made = at.back_up(tmp_path / "backups")
    with pytest.raises(BadBackup, match="The database refused"):
        moved(at, made, tmp_path / "bare", url)
    assert not (tmp_path / "bare").exists()
