"""The sweep takes what is over and nothing else, and never a payload that is about to be named."""

from __future__ import annotations

import os
import sqlite3
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from time import monotonic

import pytest

from portal.chance import new_id
from portal.crypto.sealing import new_file_key, seal_payload
from portal.domain.sealed import Sealed
from portal.journeys.deed import ClockDoubted, tending
from portal.journeys.giving.expire_access import expire_access
from portal.journeys.reports.examine_report import examine_report
from portal.journeys.running.sweep import ORPHANS_KEPT, SECURITY_LOG_KEPT, sweep
from portal.journeys.signing_in.recall import IDLE, SHARED_IDLE
from portal.records import candidates, factors, orphans, papers, security_log, sessions, texts
from portal.records.database import reading, shorten_log
from portal.records.sessions import Stage as SessionStage
from portal.records.sessions import Terms
from portal.storage.filesystem import FilesystemStore
from portal.storage.store import StorageUnavailable
from tests.documents.making import numbered
from tests.staging import Stage
from tests.world import World


def orphan(world: World) -> Sealed:
    """A payload as a sending that died before its commit leaves it."""
    sealed = seal_payload(new_file_key(), b"nobody names this")
    world.house.store.put(sealed.sha256, sealed)
    return sealed


# ---- payloads that no row names ----


def test_an_orphan_goes_at_the_second_look_an_hour_later(world: World) -> None:
    left = orphan(world)
    assert sweep(world.house).orphans == 0
    world.clock.advance(ORPHANS_KEPT)
    assert sweep(world.house).orphans == 1
    assert left.sha256 not in set(world.house.store.names())
    with reading(world.house.engine) as db:
        assert orphans.seen(db).keys() == {left.sha256}
    sweep(world.house)
    with reading(world.house.engine) as db:
        assert orphans.seen(db) == {}


def test_many_looks_within_the_hour_are_no_second_look(world: World) -> None:
    left = orphan(world)
    for _ in range(5):
        assert sweep(world.house).orphans == 0
        world.clock.advance(timedelta(minutes=11))
    assert left.sha256 in set(world.house.store.names())


def test_what_is_first_seen_now_is_never_removed_however_old_it_is(world: World) -> None:
    left = orphan(world)
    world.clock.advance(timedelta(days=30))
    assert sweep(world.house).orphans == 0
    assert left.sha256 in set(world.house.store.names())


def test_a_sending_that_commits_between_two_looks_keeps_its_payload(stage: Stage) -> None:
    """Its payload lay there unnamed at the first look, and is named at the second."""
    with reading(stage.house.engine) as db:
        version = papers.load_version(db, stage.world.area.id, stage.papers["A"])
    assert version is not None
    with tending(stage.house) as db:
        db.execute(papers.versions.delete().where(papers.versions.c.id == version.id))
    sweep(stage.house)
    with reading(stage.house.engine) as db:
        assert version.payload_sha256 in orphans.seen(db)
    with tending(stage.house) as db:
        papers.save_version(db, version)
    stage.world.clock.advance(ORPHANS_KEPT * 2)
    assert sweep(stage.house).orphans == 0
    assert version.payload_sha256 in set(stage.house.store.names())
    with reading(stage.house.engine) as db:
        assert version.payload_sha256 not in orphans.seen(db)


def test_every_payload_of_a_case_with_a_sent_pack_stays(stage: Stage) -> None:
    stage.arrange()
    stage.send()
    before = set(stage.house.store.names())
    for _ in range(3):
        sweep(stage.house)
        stage.world.clock.advance(ORPHANS_KEPT)
    assert set(stage.house.store.names()) == before
    stage.accept("joe")
    assert stage.opens("joe").startswith(b"%PDF")


def test_a_store_that_is_away_forgets_nothing_that_was_noted(world: World) -> None:
    left = orphan(world)
    sweep(world.house)

    class Away(type(world.store)):  # type: ignore[misc]
        def names(self):  # type: ignore[no-untyped-def]
            raise StorageUnavailable("gone")

    with pytest.raises(StorageUnavailable):
        sweep(replace(world.house, store=Away()))
    with reading(world.house.engine) as db:
        assert left.sha256 in orphans.seen(db)


def test_parts_that_a_dead_put_left_go_after_an_hour(world: World, tmp_path: Path) -> None:
    store = FilesystemStore(tmp_path / "store")
    name = "ab" + "0" * 62
    (tmp_path / "store" / "ab").mkdir(mode=0o700)
    part = tmp_path / "store" / "ab" / f".{name}.{new_id()}.part"
    part.write_bytes(b"half")
    house = replace(world.house, store=store)
    os.utime(part, (world.clock.now().timestamp(),) * 2)
    assert sweep(house).parts == 0
    world.clock.advance(ORPHANS_KEPT + timedelta(seconds=1))
    assert sweep(house).parts == 1
    assert not part.exists()


# ---- rows ----


def test_an_idle_session_loses_its_keyring_and_ends_with_its_time(world: World) -> None:
    with tending(world.house) as db:
        db.execute(sessions.sessions.delete())
    session_id = world.session_id(world.begin("helen"))

    def row() -> sessions.Session | None:
        with reading(world.house.engine) as db:
            return sessions.load(db, session_id)

    world.clock.advance(IDLE - timedelta(seconds=1))
    sweep(world.house)
    kept = row()
    assert kept is not None
    assert kept.keyring is not None
    world.clock.advance(timedelta(seconds=1))
    assert sweep(world.house).sessions == 0
    locked = row()
    assert locked is not None
    assert (locked.stage, locked.keyring) == (SessionStage.SIGNED_IN, None)
    world.clock.set(locked.ends_at)
    assert sweep(world.house).sessions == 1
    world.clock.advance(timedelta(days=1))
    sweep(world.house)
    assert row() is None


@pytest.mark.parametrize("terms", [terms for terms in Terms if not terms.locks])
def test_an_idle_session_where_others_use_the_computer_ends(world: World, terms: Terms) -> None:
    with tending(world.house) as db:
        db.execute(sessions.sessions.delete())
    session_id = world.session_id(world.begin("ruth", terms=terms))
    world.clock.advance(SHARED_IDLE - timedelta(seconds=1))
    assert sweep(world.house).sessions == 0
    world.clock.advance(timedelta(seconds=1))
    assert sweep(world.house).sessions == 1
    with reading(world.house.engine) as db:
        found = sessions.load(db, session_id)
    assert found is not None
    assert (found.stage, found.keyring) == (SessionStage.ENDED, None)


def test_drafts_stay_a_day(world: World) -> None:
    helen = world.secrets("helen").person_id
    with tending(world.house) as db:
        texts.save_draft(
            db, texts.Draft(world.area.id, helen, "/unit/x", b"sealed", world.clock.now())
        )
    world.clock.advance(timedelta(hours=24))
    assert sweep(world.house).drafts == 0
    world.clock.advance(timedelta(seconds=1))
    assert sweep(world.house).drafts == 1


def test_a_file_that_nobody_handed_in_goes_with_its_payload(stage: Stage) -> None:
    with reading(stage.house.engine) as db:
        asked = papers.requests_for(db, stage.world.area.id, stage.slot_id)
    request_id = next(each.id for each in asked if each.form_code == "A")
    with tending(stage.house) as db:
        papers.answer_request(
            db, stage.world.area.id, request_id, papers.RequestStatus.REQUESTED, None
        )
    before = set(stage.house.store.names())
    examine_report(stage.house, stage.world.who("carys"), request_id, numbered(1, "Late"))
    left = set(stage.house.store.names()) - before
    assert len(left) == 2  # what was made of it, and the original
    stage.world.clock.advance(timedelta(hours=23))
    sweep(stage.house)
    assert left <= set(stage.house.store.names())
    stage.world.clock.advance(timedelta(hours=2))
    assert sweep(stage.house).candidates == 1
    assert set(stage.house.store.names()) == before
    with reading(stage.house.engine) as db:
        assert candidates.of_request(db, stage.world.area.id, request_id) == []


def test_counters_and_attempts_stay_as_long_as_they_are_needed(world: World) -> None:
    now = world.clock.now()
    with tending(world.house) as db:
        security_log.count(db, "session", "x", now)
        factors.save_bucket(db, factors.ThrottleRow("source:x", 3, now, now, None))
    world.clock.advance(SECURITY_LOG_KEPT - timedelta(hours=1))
    assert sweep(world.house).security_log == 0
    world.clock.advance(timedelta(hours=2))
    swept = sweep(world.house)
    assert swept.security_log == 1
    with reading(world.house.engine) as db:
        assert factors.buckets(db, ["source:x"]) == {}


def test_a_clock_in_doubt_sweeps_nothing(world: World) -> None:
    left, session = orphan(world), world.session_id(world.begin("helen"))
    sweep(world.house)
    world.clock.advance(timedelta(days=200))
    world.clock.doubt = "the clock is 200 days ahead of where it should be"
    with pytest.raises(ClockDoubted):
        sweep(world.house)
    assert left.sha256 in set(world.house.store.names())
    with reading(world.house.engine) as db:
        row = sessions.load(db, session)
    assert row is not None
    assert row.keyring is not None


def test_it_leaves_no_line(stage: Stage) -> None:
    before = len(stage.lines())
    sweep(stage.house)
    assert len(stage.lines()) == before


# ---- the write-ahead log ----


def test_deleted_wraps_do_not_linger_in_the_log(stage: Stage) -> None:
    stage.arrange(closes_at=stage.world.clock.now() + timedelta(days=30))
    stage.send()
    grant = stage.grant("joe")
    with reading(stage.house.engine) as db:
        header = papers.header_for(db, grant.area_id, grant.version_id, grant.person_id)
    assert header is not None
    piece = header.header[-200:]
    files = [stage.world.folder / name for name in ("portal.db", "portal.db-wal")]
    assert any(piece in file.read_bytes() for file in files)
    stage.world.clock.advance(timedelta(days=31))
    expire_access(stage.house, stage.world.area.id)
    assert sweep(stage.house).log_shortened
    assert files[1].stat().st_size == 0
    assert piece not in files[0].read_bytes()


def test_a_reader_in_the_way_is_told_at_once_and_harms_nothing(world: World) -> None:
    other = sqlite3.connect(world.folder / "portal.db", isolation_level=None)
    other.execute("BEGIN")
    other.execute("SELECT count(*) FROM people").fetchone()
    world.begin("tom")
    began = monotonic()
    assert not shorten_log(world.house.engine)
    assert monotonic() - began < 5
    other.close()
    world.begin("joe")
    assert shorten_log(world.house.engine)
    assert (world.folder / "portal.db-wal").stat().st_size == 0
