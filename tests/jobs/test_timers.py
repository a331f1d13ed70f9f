"""Timers: each job at its time, each failure kept to itself, and nothing told that is secret."""

from __future__ import annotations

import logging
import threading
from datetime import timedelta

import pytest

from portal.jobs import exactness, expiry
from portal.jobs.areas import in_every_area
from portal.jobs.job import Job
from portal.jobs.timers import Timers, jobs_of, run
from portal.journeys.deed import tending
from portal.records import job_runs, papers
from portal.records.database import reading
from tests.staging import Stage
from tests.world import World

HOUR = timedelta(hours=1)
SECRET = "the individual's name is Wilfred Crane"


def noted(world: World) -> dict[str, str]:
    with reading(world.house.engine) as db:
        return {run.name: run.trouble for run in job_runs.newest(db)}


def breaks() -> str:
    raise ValueError(SECRET)


def test_every_job_runs_and_is_noted(world: World) -> None:
    jobs = jobs_of(world.house, world.wiring.sender, world.wiring.writer)
    assert all(run(world.house, job) for job in jobs)
    assert set(noted(world)) == {job.name for job in jobs}
    assert {"notices", "expiry", "sweep", "originals", "exactness"} <= set(noted(world))
    assert set(noted(world).values()) == {""}


def test_a_failure_is_noted_by_its_kind_and_logged_without_its_words(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        assert not run(world.house, Job("broken", HOUR, breaks))
    assert noted(world) == {"broken": "ValueError"}
    assert "ValueError" in caplog.text
    assert SECRET not in caplog.text


def test_one_that_fails_keeps_no_other_waiting(world: World) -> None:
    ran: list[str] = []

    def works() -> str:
        ran.append("it did")
        return ""

    timers = Timers(world.house, [Job("broken", HOUR, breaks), Job("works", HOUR, works)])
    assert timers.run_due() == ["broken", "works"]
    assert ran == ["it did"]


def test_each_runs_at_its_interval(world: World) -> None:
    ran: list[str] = []

    def note(name: str) -> Job:
        def work() -> str:
            ran.append(name)
            return ""

        return Job(name, HOUR if name == "slow" else timedelta(0), work)

    timers = Timers(world.house, [note("slow"), note("quick")])
    for _ in range(3):
        timers.run_due()
    assert (ran.count("slow"), ran.count("quick")) == (1, 3)


def test_a_failing_job_is_tried_again_at_its_next_time(world: World) -> None:
    timers = Timers(world.house, [Job("broken", timedelta(0), breaks)])
    assert timers.run_due() + timers.run_due() == ["broken", "broken"]


def test_it_recovers_and_says_so(world: World) -> None:
    run(world.house, Job("job", HOUR, breaks))
    run(world.house, Job("job", HOUR, lambda: ""))
    assert noted(world) == {"job": ""}


def test_a_quiet_run_need_not_be_noted(world: World) -> None:
    run(world.house, Job("job", HOUR, lambda: ""), note_quiet=False)
    assert noted(world) == {}
    run(world.house, Job("job", HOUR, breaks), note_quiet=False)
    assert noted(world) == {"job": "ValueError"}


def test_a_database_that_is_gone_ends_no_timer(world: World) -> None:
    with tending(world.house) as db:
        db.execute(job_runs.job_runs.delete())
        db.exec_driver_sql("DROP TABLE job_runs")
    assert not run(world.house, Job("job", HOUR, lambda: "done"))


def test_the_thread_runs_until_it_is_stopped(world: World) -> None:
    ran = threading.Event()

    def work() -> str:
        ran.set()
        return ""

    timers = Timers(world.house, [Job("job", timedelta(0), work)])
    timers.start()
    assert ran.wait(20)
    timers.stop()
    ran.clear()
    assert not ran.wait(0.2)
    assert timers.run_due() == []


def test_grants_without_wraps_raise_the_alarm(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    stage.arrange()
    stage.send()
    assert run(stage.house, exactness.job(stage.house))
    grant = stage.grant("joe")
    with tending(stage.house) as db:
        papers.remove_header(db, grant.area_id, grant.version_id, grant.person_id)
    assert not run(stage.house, exactness.job(stage.house))
    assert noted(stage.world)["exactness"] == "WentWrong"
    assert [record.levelname for record in caplog.records if record.name == "portal.jobs"][-1] == (
        "CRITICAL"
    )
    assert grant.version_id in caplog.text


def test_the_expiry_job_closes_what_is_over(stage: Stage) -> None:
    stage.arrange(closes_at=stage.world.clock.now() + timedelta(days=30))
    stage.send()
    stage.world.clock.advance(timedelta(days=31))
    assert expiry.job(stage.house).work() == "8 closed"
    assert expiry.job(stage.house).work() == ""


def test_trouble_in_an_area_is_told_after_all_were_tried(world: World) -> None:
    tried: list[str] = []

    def work(_house: object, area_id: str) -> None:
        tried.append(area_id)
        raise LookupError

    with pytest.raises(LookupError):
        in_every_area(world.house, work)
    assert tried == [world.area.id]
