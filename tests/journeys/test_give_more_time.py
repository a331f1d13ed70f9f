"""More time: a new wrap under a newly signed window; never for what was taken back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from portal.domain.grants import GrantState
from portal.domain.papers import Header
from portal.journeys.agencies.remove_person import remove_person
from portal.journeys.deed import tending
from portal.journeys.giving.expire_access import expire_access
from portal.journeys.giving.give_more_time import give_more_time
from portal.journeys.giving.grant_waiting import grant_waiting
from portal.journeys.giving.granting import NotExact
from portal.journeys.giving.take_back import take_back
from portal.journeys.meetings.withdraw_invitation import withdraw_invitation
from portal.journeys.opening.opened import Spoilt
from portal.journeys.unacceptable import Unacceptable
from portal.journeys.views.pack import copy_page
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import keys, outbox, papers, sendings
from portal.records.database import reading
from tests.staging import Stage

REASON = "Was on leave all month."


def end(stage: Stage, name: str = "joe") -> datetime:
    closes = stage.grant(name).closes_at
    assert closes is not None
    return closes


def more(stage: Stage, name: str = "joe", days: int = 7, by: str = "helen") -> None:
    give_more_time(
        stage.house,
        stage.world.who(by),
        stage.grant(name).id,
        end(stage, name) + timedelta(days=days),
        REASON,
    )


def after_the_end(stage: Stage) -> None:
    stage.world.clock.set(end(stage) + timedelta(minutes=1))


def test_the_end_moves_and_the_reader_is_told(stage: Stage) -> None:
    stage.send()
    stage.accept("joe", "ruth")
    old = end(stage)
    more(stage)
    stage.world.clock.set(old + timedelta(days=1))
    assert stage.opens("joe").startswith(b"%PDF")
    with pytest.raises(Refused) as refused:
        stage.opens("ruth")
    assert refused.value.why is Why.ENDED
    assert len(stage.lines("access.extended")) == 1
    stage.whole()


def test_an_expired_copy_is_issued_again_after_the_sweep(stage: Stage) -> None:
    stage.send()
    stage.accept("joe")
    after_the_end(stage)
    assert expire_access(stage.house, stage.world.area.id) == 8
    assert stage.states()["joe"] is GrantState.EXPIRED
    with reading(stage.house.engine) as db:
        assert papers.readers_of(db, stage.world.area.id, stage.grant("joe").version_id) == {"unit"}
    more(stage)
    assert stage.opens("joe").startswith(b"%PDF")
    assert stage.states()["ruth"] is GrantState.EXPIRED
    stage.whole()


def test_an_expired_copy_is_issued_again_before_the_sweep(stage: Stage) -> None:
    stage.send()
    stage.accept("joe")
    after_the_end(stage)
    with pytest.raises(Refused):
        stage.opens("joe")
    more(stage)
    assert expire_access(stage.house, stage.world.area.id) == 7
    assert stage.opens("joe").startswith(b"%PDF")
    stage.whole()


def test_somebody_who_waits_still_waits_with_a_later_end_and_is_not_told(stage: Stage) -> None:
    stage.send()
    more(stage, "una")
    assert stage.states()["una"] is GrantState.WAITING
    with reading(stage.house.engine) as db:
        found = outbox.due(db, stage.world.clock.now(), 1000)
    assert "more_time" not in {each.letter for each in found}
    stage.confirm("una")
    grant_waiting(stage.house, stage.world.who("helen"), stage.id("una"))
    stage.accept("una")
    assert stage.opens("una").startswith(b"%PDF")
    stage.whole()


def test_whose_key_is_no_longer_confirmed_loses_the_wrap_and_waits(stage: Stage) -> None:
    stage.send()
    stage.accept("joe")
    with tending(stage.house) as db:
        keys.remove_confirmation(db, stage.world.area.id, stage.id("joe"))
    more(stage)
    assert stage.states()["joe"] is GrantState.WAITING
    with pytest.raises(Refused):
        stage.opens("joe")
    stage.whole()


@pytest.mark.parametrize("name", ["priya", "alan", "ruth", "joe", "sian", "dev"])
def test_nobody_else_gives_it_least_of_all_the_reader(stage: Stage, name: str) -> None:
    stage.send()
    with pytest.raises(Refused) as refused:
        more(stage, by=name)
    assert refused.value.why is Why.NOT_YOUR_ROLE


@pytest.mark.parametrize("reason", ["", "   ", "\u200b", "x" * 2000])
def test_it_takes_a_reason(stage: Stage, reason: str) -> None:
    stage.send()
    with pytest.raises(Unacceptable) as refused:
        give_more_time(stage.house, stage.world.who("helen"), stage.grant("joe").id,
                       end(stage) + timedelta(days=1), reason)  # fmt: skip
    assert refused.value.field == "reason"


@pytest.mark.parametrize("days", [0, -1, -500, 200, 4000])
def test_the_new_end_is_later_and_not_too_late(stage: Stage, days: int) -> None:
    stage.send()
    with pytest.raises(Unacceptable) as refused:
        more(stage, days=days)
    assert refused.value.field == "until"
    stage.whole()


def test_what_ended_gets_no_end_in_the_past(stage: Stage) -> None:
    stage.send()
    stage.world.clock.set(end(stage) + timedelta(days=10))
    with pytest.raises(Unacceptable):
        more(stage, days=5)


def test_no_such_copy(stage: Stage) -> None:
    with pytest.raises(Refused) as refused:
        give_more_time(stage.house, stage.world.who("helen"), "f" * 32,
                       datetime(2026, 9, 1, tzinfo=UTC), REASON)  # fmt: skip
    assert refused.value.why is Why.NOT_THERE
    with pytest.raises(Refused):
        copy_page(stage.house, stage.world.who("helen"), "f" * 32)


def test_withdrawn_after_the_end_gets_no_more_time(stage: Stage) -> None:
    """Their grant had expired, so there was nothing left to take back."""
    stage.arrange(closes_at=stage.world.clock.now() + timedelta(days=1))
    stage.send()
    after_the_end(stage)
    expire_access(stage.house, stage.world.area.id)
    withdraw_invitation(stage.house, stage.world.who("helen"), stage.slot_id, stage.id("joe"))
    assert stage.states()["joe"] is GrantState.EXPIRED
    with pytest.raises(Unacceptable) as refused:
        more(stage)
    assert "no longer invited" in refused.value.words
    stage.whole()


def test_a_leaver_gets_no_more_time(stage: Stage) -> None:
    stage.arrange(closes_at=stage.world.clock.now() + timedelta(days=1))
    stage.send()
    after_the_end(stage)
    expire_access(stage.house, stage.world.area.id)
    remove_person(stage.house, stage.world.who("helen"), stage.id("joe"))
    with pytest.raises(Unacceptable) as refused:
        more(stage)
    assert "left" in refused.value.words


def test_the_longer_window_in_the_database_alone_opens_nothing(stage: Stage) -> None:
    stage.send()
    stage.accept("joe")
    old = end(stage)
    with tending(stage.house) as db:
        db.execute(
            sendings.grants.update()
            .where(sendings.grants.c.person_id == stage.id("joe"))
            .values(closes_at=old + timedelta(days=90))
        )
    with pytest.raises(Spoilt, match="window"):
        stage.opens("joe")


def test_the_old_manifest_with_the_new_end_opens_nothing(stage: Stage) -> None:
    stage.send()
    stage.accept("joe")
    before = stage.grant("joe").manifest_id
    more(stage)
    with tending(stage.house) as db:
        db.execute(
            sendings.grants.update()
            .where(sendings.grants.c.person_id == stage.id("joe"))
            .values(manifest_id=before)
        )
    with pytest.raises(Spoilt, match="window"):
        stage.opens("joe")


def test_a_rogue_wrap_stops_it(stage: Stage) -> None:
    stage.send()
    version = stage.grant("joe").version_id
    with tending(stage.house) as db:
        own = papers.header_for(db, stage.world.area.id, version, stage.id("joe"))
        assert own is not None
        papers.save_header(
            db, Header(own.area_id, version, stage.id("dev"), own.fingerprint, own.header)
        )
    with pytest.raises(NotExact):
        more(stage)
    stage.confirm("una")
    with pytest.raises(NotExact):
        grant_waiting(stage.house, stage.world.who("helen"), stage.id("una"))
    assert stage.lines("access.extended") == []
    assert stage.lines("access.granted") == []
    assert stage.states()["una"] is GrantState.WAITING


def test_more_time_does_not_outlive_taking_back(stage: Stage) -> None:
    sent = stage.send()
    stage.accept("joe")
    more(stage)
    take_back(stage.house, stage.world.who("helen"), sent.sending.id)
    with pytest.raises(Refused):
        stage.opens("joe")
    stage.whole()
