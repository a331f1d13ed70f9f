"""The timers, the record and the operator's page on a real PostgreSQL."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from portal.domain.deeds import Deed
from portal.jobs.timers import jobs_of, run
from portal.journeys.record.read_record import Narrowed, read_record
from portal.journeys.record.verify_record import verify_record
from portal.journeys.running.sweep import sweep
from portal.journeys.views.operator import operator_state
from portal.records.database import reading
from portal.records.outbox import Delivery, counts
from tests.staging import INVITED, stage_on


@pytest.mark.real("PostgreSQL")
def test_everything_that_happens_by_itself(postgres_url: str, tmp_path: Path) -> None:
    stage = stage_on(postgres_url, tmp_path)
    house, world = stage.house, stage.world
    stage.arrange(closes_at=world.clock.now() + timedelta(days=30))
    stage.send()
    world.clock.advance(timedelta(days=31))
    jobs = jobs_of(house, world.wiring.sender, world.wiring.writer)
    assert [run(house, job) for job in jobs] == [True] * 9
    with reading(house.engine) as db:
        assert counts(db, world.area.id)[Delivery.WAITING] == 0
    page = read_record(house, world.who("sian"), Narrowed(deed=Deed.ACCESS_EXPIRED))
    assert len(page.lines) == len(INVITED)
    assert read_record(house, world.who("sian"), Narrowed(case=stage.case_id)).lines
    assert verify_record(house, world.who("sian")).whole
    state = operator_state(house, world.who("dev"), world.settings.keys)
    assert state.database.startswith("postgresql")
    assert state.database_bytes > 0
    assert [job.trouble for job in state.jobs] == [""] * 9
    assert sweep(house).log_shortened
    house.engine.dispose()
