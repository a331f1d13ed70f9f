"""Somebody puts rows back from an older copy of the database: what was ended stays ended."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest

from portal.domain.grants import GrantState
from portal.domain.meetings import Capacity
from portal.domain.people import Account
from portal.journeys.agencies.remove_person import remove_person
from portal.journeys.giving.expire_access import expire_access
from portal.journeys.giving.give_more_time import give_more_time
from portal.journeys.giving.take_back import take_back
from portal.journeys.meetings.invite_to_slot import invite_to_slot
from portal.journeys.meetings.withdraw_invitation import withdraw_invitation
from portal.journeys.opening.begin_reading import begin_reading
from portal.journeys.opening.open_paper import open_paper
from portal.journeys.opening.read_page import draw_page
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import people
from portal.records.database import reading
from tests.reading.opening import opened
from tests.staging import Stage
from tests.web.browsing import sign_in

Rows = Mapping[str, list[tuple[Any, ...]]]
End = Callable[[Stage], object]


@pytest.fixture
def sent(stage: Stage) -> Stage:
    stage.arrange()
    stage.send()
    stage.accept("ruth", "joe")
    return stage


def driver(stage: Stage) -> sqlite3.Connection:
    return sqlite3.connect(str(stage.house.engine.url.database))


def backup(stage: Stage) -> Rows:
    """Every row of every table, but the ledger's."""
    with driver(stage) as db:
        names = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type='table'")
                 if not name.startswith(("ledger_", "sqlite_", "alembic"))]  # fmt: skip
        return {name: db.execute(f"SELECT * FROM {name}").fetchall() for name in names}


def put_back(stage: Stage, rows: Rows) -> None:
    with driver(stage) as db:
        for name, found in rows.items():
            db.execute(f"DELETE FROM {name}")
            for row in found:
                marks = ", ".join("?" * len(row))
                db.execute(f"INSERT INTO {name} VALUES ({marks})", row)


def sending_of(stage: Stage) -> Any:
    return stage.grant("ruth").sending_id


ENDS: Mapping[str, End] = {
    "taken back from all": lambda at: take_back(
        at.house, at.world.who("helen"), sending_of(at), "Wrong case."
    ),
    "taken back from one": lambda at: take_back(
        at.house, at.world.who("helen"), sending_of(at), person_id=at.id("ruth")
    ),
    "invitation withdrawn": lambda at: withdraw_invitation(
        at.house, at.world.who("helen"), at.slot_id, at.id("ruth")
    ),
    "person removed": lambda at: remove_person(at.house, at.world.who("helen"), at.id("ruth")),
}


@pytest.mark.parametrize("how", ENDS)
def test_what_was_ended_stays_ended(sent: Stage, how: str) -> None:
    before = backup(sent)
    who, grant = sent.world.who("ruth"), sent.grant("ruth")
    ENDS[how](sent)
    put_back(sent, before)
    assert sent.grant("ruth").state is GrantState.GRANTED
    for way in (open_paper, begin_reading):
        with pytest.raises(Refused) as refused:
            way(sent.house, who, grant.id)
        assert refused.value.why is Why.TAKEN_BACK
    assert sent.lines("paper.opened") == []


def test_a_reading_that_was_begun_before_goes_no_further(sent: Stage) -> None:
    who, grant = sent.world.who("ruth"), sent.grant("ruth")
    begin_reading(sent.house, who, grant.id)
    draw_page(sent.house, who, grant.id, 1)
    before = backup(sent)
    ENDS["taken back from one"](sent)
    put_back(sent, before)
    with pytest.raises(Refused) as refused:
        draw_page(sent.house, who, grant.id, 1)
    assert refused.value.why is Why.TAKEN_BACK


def test_a_copy_on_its_way_is_broken_off(sent: Stage) -> None:
    pieces = opened(sent).chunks()
    before = backup(sent)
    ENDS["taken back from one"](sent)
    put_back(sent, before)
    with pytest.raises(Refused) as refused:
        list(pieces)
    assert refused.value.why is Why.TAKEN_BACK


def test_what_expired_stays_expired(sent: Stage) -> None:
    before, grant = backup(sent), sent.grant("ruth")
    assert grant.closes_at is not None
    sent.world.clock.set(grant.closes_at)
    expire_access(sent.house, sent.world.area.id)
    assert sent.grant("ruth").state is GrantState.EXPIRED
    put_back(sent, before)
    who = sent.world.who("ruth")
    with pytest.raises(Refused) as refused:
        open_paper(sent.house, who, grant.id)
    assert refused.value.why is Why.ENDED


def test_somebody_who_left_does_not_sign_in_again(sent: Stage) -> None:
    before = backup(sent)
    ENDS["person removed"](sent)
    put_back(sent, before)
    with reading(sent.house.engine) as db:
        found = people.load(db, sent.world.area.id, sent.id("ruth"))
    assert found is not None
    assert found.account is Account.ENROLLED
    with pytest.raises(AssertionError):
        sign_in(sent.world, "ruth")
    assert sent.lines("session.opened") == []


def test_others_of_the_sending_are_as_they_were(sent: Stage) -> None:
    before = backup(sent)
    ENDS["taken back from one"](sent)
    put_back(sent, before)
    assert b"".join(opened(sent, "joe").chunks()).startswith(b"%PDF")


def test_whoever_is_invited_anew_reads_what_is_sent_anew(sent: Stage) -> None:
    ENDS["invitation withdrawn"](sent)
    house, helen = sent.house, sent.world.who("helen")
    invite_to_slot(house, helen, sent.slot_id, sent.id("ruth"), Capacity.SPECIALIST, "Asked.")
    sent.arrange()
    again = sent.send()
    sent.accept("ruth")
    grant = again.grants[sent.id("ruth")]
    assert b"".join(opened(sent, grant=grant).chunks()).startswith(b"%PDF")


def test_more_time_after_the_end_opens(sent: Stage) -> None:
    grant = sent.grant("ruth")
    assert grant.closes_at is not None
    sent.world.clock.set(grant.closes_at)
    expire_access(sent.house, sent.world.area.id)
    until = grant.closes_at + timedelta(days=2)
    give_more_time(sent.house, sent.world.who("helen"), grant.id, until, "Ill last week.")
    sent.accept("ruth")
    assert b"".join(opened(sent).chunks()).startswith(b"%PDF")
