"""Access that is over is closed exactly then, with its line; what is open stays open."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.domain.grants import GrantState
from portal.domain.people import SYSTEM
from portal.journeys.deed import ClockDoubted, tending
from portal.journeys.giving.check_exactness import check_exactness
from portal.journeys.giving.expire_access import expire_access
from portal.journeys.giving.take_back import take_back
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import papers
from portal.records.database import reading
from tests.staging import INVITED, WAITING, Stage


def wraps(stage: Stage, name: str) -> int:
    with reading(stage.house.engine) as db:
        query = select(papers.headers).where(
            papers.headers.c.reader_id == stage.id(name),
            papers.headers.c.version_id == stage.grant(name).version_id,
        )
        return len(db.execute(query).all())


def sent_for(stage: Stage, length: timedelta) -> None:
    stage.arrange(closes_at=stage.world.clock.now() + length)
    stage.send()


def test_at_its_end_and_not_before(stage: Stage) -> None:
    sent_for(stage, timedelta(days=30))
    closes_at = stage.grant("joe").closes_at
    assert closes_at is not None
    stage.world.clock.set(closes_at - timedelta(microseconds=1))
    assert expire_access(stage.house, stage.world.area.id) == 0
    assert wraps(stage, "joe") == 1
    stage.world.clock.set(closes_at)
    assert expire_access(stage.house, stage.world.area.id) == len(INVITED)
    assert wraps(stage, "joe") == 0
    assert set(stage.states().values()) == {GrantState.EXPIRED}
    stage.whole()


def test_each_closing_leaves_one_line_of_the_system(stage: Stage) -> None:
    sent_for(stage, timedelta(days=30))
    stage.world.clock.advance(timedelta(days=31))
    expire_access(stage.house, stage.world.area.id)
    told = stage.lines("access.expired")
    assert {line["actor"] for line in told} == {SYSTEM}
    assert sorted(str(line["person"]) for line in told) == sorted(stage.id(n) for n in INVITED)
    assert {str(line["grant"]) for line in told} == {stage.grant(name).id for name in INVITED}


def test_twice_does_nothing_more(stage: Stage) -> None:
    sent_for(stage, timedelta(days=30))
    stage.world.clock.advance(timedelta(days=31))
    expire_access(stage.house, stage.world.area.id)
    before = len(stage.lines())
    assert expire_access(stage.house, stage.world.area.id) == 0
    assert len(stage.lines()) == before


def test_what_waited_for_a_key_ends_too(stage: Stage) -> None:
    sent_for(stage, timedelta(days=30))
    assert {stage.states()[name] for name in WAITING} == {GrantState.WAITING}
    stage.world.clock.advance(timedelta(days=31))
    expire_access(stage.house, stage.world.area.id)
    assert {stage.states()[name] for name in WAITING} == {GrantState.EXPIRED}


def test_what_was_taken_back_stays_taken_back(stage: Stage) -> None:
    stage.arrange(closes_at=stage.world.clock.now() + timedelta(days=30))
    sent = stage.send()
    take_back(stage.house, stage.world.who("helen"), sent.sending.id, "Wrong case.")
    stage.world.clock.advance(timedelta(days=31))
    assert expire_access(stage.house, stage.world.area.id) == 0
    assert set(stage.states().values()) == {GrantState.TAKEN_BACK}


def test_afterwards_it_does_not_open_and_says_why(stage: Stage) -> None:
    sent_for(stage, timedelta(days=30))
    stage.accept("joe")
    stage.world.clock.advance(timedelta(days=31))
    expire_access(stage.house, stage.world.area.id)
    with pytest.raises(Refused) as refused:
        stage.opens("joe")
    assert refused.value.why is Why.ENDED


def test_a_clock_in_doubt_takes_nothing_away(stage: Stage) -> None:
    sent_for(stage, timedelta(days=30))
    stage.world.clock.advance(timedelta(days=31))
    stage.world.clock.doubt = "the clock is 31 days ahead of where it should be"
    with pytest.raises(ClockDoubted):
        expire_access(stage.house, stage.world.area.id)
    assert wraps(stage, "joe") == 1
    assert stage.lines("access.expired") == []


def test_the_unit_can_still_open_and_give_more_time(stage: Stage) -> None:
    sent_for(stage, timedelta(days=30))
    version_id = stage.grant("joe").version_id
    stage.world.clock.advance(timedelta(days=31))
    expire_access(stage.house, stage.world.area.id)
    with reading(stage.house.engine) as db:
        assert papers.readers_of(db, stage.world.area.id, version_id) == {"unit"}


def test_a_wrap_that_somebody_slipped_in_is_found_by_the_nightly_check(stage: Stage) -> None:
    sent_for(stage, timedelta(days=30))
    grant = stage.grant("joe")
    stage.world.clock.advance(timedelta(days=31))
    expire_access(stage.house, stage.world.area.id)
    assert check_exactness(stage.house, stage.world.area.id) == []
    with tending(stage.house) as db:
        kept = papers.header_for(db, stage.world.area.id, grant.version_id, "unit")
        assert kept is not None
        db.execute(
            papers.headers.insert().values(
                area_id=kept.area_id, version_id=kept.version_id, reader_id=stage.id("joe"),
                fingerprint=kept.fingerprint, header=kept.header,
            )
        )  # fmt: skip
    assert check_exactness(stage.house, stage.world.area.id) == [grant.version_id]


def test_a_wrap_that_somebody_took_away_is_found_too(stage: Stage) -> None:
    sent_for(stage, timedelta(days=30))
    grant = stage.grant("joe")
    with tending(stage.house) as db:
        papers.remove_header(db, grant.area_id, grant.version_id, grant.person_id)
    assert check_exactness(stage.house, stage.world.area.id) == [grant.version_id]
