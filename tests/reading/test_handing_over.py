"""Between two pieces nothing can change unseen, and the whole question is asked again in time."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from portal.domain.facts import OfGrant
from portal.domain.grants import GrantState
from portal.domain.ids import GrantId
from portal.domain.people import Account
from portal.journeys.deed import ClockDoubted, Looking, tending
from portal.journeys.opening.handing_over import HandingOver
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.records import people, sendings
from portal.records.standing import standing
from tests.staging import Stage

TINY = timedelta(microseconds=1)


@pytest.fixture
def sent(stage: Stage) -> Stage:
    stage.arrange(closes_at=stage.world.clock.now() + timedelta(minutes=10))
    stage.send()
    stage.accept("ruth")
    return stage


class Asked:
    """The whole question, as journeys ask it, counted."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self, look: Looking, grant_id: GrantId, last: datetime) -> datetime:
        self.times += 1
        if look.now < last:
            raise ClockDoubted("back")
        grant = sendings.load_grant(look.db, look.actor.area_id, grant_id)
        assert grant is not None
        look.require(Action.READER_PAPER_OPEN, OfGrant(grant.area_id, grant, True))
        return look.now


def going(stage: Stage, asked: Asked) -> HandingOver:
    who, grant = stage.world.who("ruth"), stage.grant("ruth")
    return HandingOver(
        stage.house, who.actor, grant.id, who.session_id, stage.world.clock.now(), asked
    )


def test_the_whole_question_is_asked_first_and_then_once_a_second(sent: Stage) -> None:
    asked = Asked()
    on = going(sent, asked)
    for _ in range(50):
        on.go_on()
    assert asked.times == 1
    for expected in (2, 3, 4):
        sent.world.clock.advance(timedelta(seconds=1))
        on.go_on()
        on.go_on()
        assert asked.times == expected


def test_the_end_is_exact_to_the_microsecond(sent: Stage) -> None:
    asked = Asked()
    on = going(sent, asked)
    closes_at = sent.grant("ruth").closes_at
    assert closes_at is not None
    sent.world.clock.set(closes_at - timedelta(milliseconds=500))
    on.go_on()
    before = asked.times
    sent.world.clock.set(closes_at - TINY)
    on.go_on()
    assert asked.times == before
    sent.world.clock.set(closes_at)
    with pytest.raises(Refused):
        on.go_on()


@pytest.mark.parametrize(
    "changed",
    [
        {"state": GrantState.TAKEN_BACK},
        {"state": GrantState.EXPIRED},
        {"closes_at": None},
        {"opens_at": None},
    ],
)
def test_any_change_of_the_grant_asks_at_the_very_next_piece(
    sent: Stage, changed: dict[str, object]
) -> None:
    on = going(sent, Asked())
    on.go_on()
    with tending(sent.house) as db:
        db.execute(sendings.grants.update().values(**changed))
    with pytest.raises(Refused):
        on.go_on()


def test_an_end_that_was_brought_forward_counts_at_once(sent: Stage) -> None:
    on = going(sent, Asked())
    on.go_on()
    with tending(sent.house) as db:
        db.execute(sendings.grants.update().values(closes_at=sent.world.clock.now()))
    with pytest.raises(Refused):
        on.go_on()


def test_a_change_of_the_account_asks_at_the_very_next_piece(sent: Stage) -> None:
    asked = Asked()
    on = going(sent, asked)
    on.go_on()
    with tending(sent.house) as db:
        people.set_account(db, sent.world.area.id, sent.id("ruth"), Account.LEFT)
    on.go_on()
    assert asked.times == 2


def test_time_that_goes_back_is_asked_about(sent: Stage) -> None:
    on = going(sent, Asked())
    sent.world.clock.advance(timedelta(milliseconds=10))
    on.go_on()
    sent.world.clock.advance(-timedelta(milliseconds=1))
    with pytest.raises(ClockDoubted):
        on.go_on()


def test_a_grant_of_somebody_else_has_no_standing(sent: Stage) -> None:
    engine, area, grant = sent.house.engine, sent.world.area.id, sent.grant("ruth").id
    ruth, joe = sent.id("ruth"), sent.id("joe")
    mine, other = (sent.world.who(name).session_id for name in ("ruth", "joe"))
    assert standing(engine, area, grant, ruth, mine) is not None
    assert standing(engine, area, grant, ruth, other) is None
    assert standing(engine, area, grant, ruth, b"") is None
    assert standing(engine, area, grant, joe, other) is None
    assert standing(engine, area, grant, joe, mine) is None
    assert standing(engine, area, GrantId("'; DROP TABLE grants; --"), ruth, mine) is None
    assert standing(engine, type(area)("another"), grant, ruth, mine) is None
