"""A database put back by hand: no timer removes what only missing rows name or hold."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from portal.domain.disposal import KEPT_AFTER_END
from portal.jobs.timers import jobs_of, run
from portal.journeys.deed import tending
from portal.journeys.giving.dispose import dispose
from portal.journeys.giving.expire_access import expire_access
from portal.journeys.meetings.place_hold import place_hold
from portal.journeys.running.accept_record import accept_record, records_behind
from portal.journeys.running.sweep import ORPHANS_KEPT, sweep
from portal.ledger.errors import RecordBehind
from portal.records import job_runs, orphans
from portal.records.database import reading
from tests.browsing import words_of
from tests.putting_back import put_back_after
from tests.staging import Stage

pytestmark = pytest.mark.real("SQLite and folder")
WHY = "A serious case review has begun and asks for every paper."


def accept(stage: Stage) -> None:
    (behind,) = records_behind(stage.house)
    accept_record(stage.house, behind)


def names(stage: Stage) -> set[str]:
    return set(stage.house.store.names())


def test_a_payload_that_only_missing_rows_name_stays_until_the_record_is_accepted(
    stage: Stage, tmp_path: Path
) -> None:
    stage.arrange()
    put_back_after(stage.house, tmp_path, stage.send)
    whole = names(stage)
    for _ in range(3):
        with pytest.raises(RecordBehind):
            sweep(stage.house)
        stage.world.clock.advance(ORPHANS_KEPT)
    assert names(stage) == whole
    with reading(stage.house.engine) as db:
        assert orphans.seen(db) == {}, "nothing is noted as nobody's meanwhile"
    accept(stage)
    assert sweep(stage.house).orphans == 0
    stage.world.clock.advance(ORPHANS_KEPT)
    assert sweep(stage.house).orphans > 0
    assert names(stage) < whole


def test_what_was_noted_as_nobodys_long_before_is_not_removed_either(
    stage: Stage, tmp_path: Path
) -> None:
    stage.arrange()
    put_back_after(stage.house, tmp_path, stage.send)
    with tending(stage.house) as db:
        orphans.keep(db, names(stage), stage.world.clock.now() - ORPHANS_KEPT * 2)
    whole = names(stage)
    with pytest.raises(RecordBehind):
        sweep(stage.house)
    assert names(stage) == whole


def test_a_hold_among_the_missing_lines_is_not_passed_over(stage: Stage, tmp_path: Path) -> None:
    stage.arrange(closes_at=stage.world.clock.now() + timedelta(days=30))
    stage.send()
    stage.world.clock.advance(timedelta(days=30))
    expire_access(stage.house, stage.world.area.id)
    helen = stage.world.who("helen")
    put_back_after(
        stage.house, tmp_path, lambda: place_hold(stage.house, helen, stage.case_id, WHY)
    )
    stage.world.clock.advance(KEPT_AFTER_END)
    whole = names(stage)
    with pytest.raises(RecordBehind):
        dispose(stage.house, stage.world.area.id)
    assert names(stage) == whole
    assert stage.lines("sending.disposed") == []
    accept(stage)
    assert dispose(stage.house, stage.world.area.id) == 1


def test_the_operator_sees_which_timers_stand_still_and_why(stage: Stage, tmp_path: Path) -> None:
    stage.arrange()
    put_back_after(stage.house, tmp_path, stage.send)
    world = stage.world
    for job in jobs_of(stage.house, world.wiring.sender, world.wiring.writer):
        run(stage.house, job)
    with reading(stage.house.engine) as db:
        stopped = {each.name for each in job_runs.newest(db) if each.trouble == "RecordBehind"}
    removing = {"sweep", "disposal", "originals", "expiry", "deputies", "dormancy",
                "certifying"}  # fmt: skip
    assert stopped == removing
    page = words_of(world.client("dev").get("/operator/"))
    assert "Nothing opens: the record has" in page
    assert "RecordBehind" in page
