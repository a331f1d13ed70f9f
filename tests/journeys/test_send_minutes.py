"""Minutes go to those who attended, and to those with a recorded duty to consider."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from portal.domain.grants import GrantState
from portal.domain.meetings import Capacity, Presence
from portal.domain.packs import LeftOut
from portal.journeys.changed import Changed
from portal.journeys.giving.expire_access import expire_access
from portal.journeys.giving.give_more_time import give_more_time
from portal.journeys.giving.take_back import take_back
from portal.journeys.meetings.invite_to_slot import invite_to_slot
from portal.journeys.meetings.record_attendance import record_attendance
from portal.journeys.meetings.withdraw_invitation import withdraw_invitation
from portal.journeys.minutes.record_duty import record_duty
from portal.journeys.minutes.send_minutes import send_minutes
from portal.journeys.packs.send_prepared import NothingToSend
from portal.journeys.unacceptable import Unacceptable
from portal.journeys.views.minutes import (
    duty_page,
    minutes_send_page,
)
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import outbox
from portal.records.database import reading
from tests.cutting import minutes_of
from tests.staging import INVITED, WAITING, Stage

DUTY = "Must consider the tenancy and whether other tenants are at risk."


def duty(stage: Stage, name: str, days: int = 30, by: str = "helen") -> datetime:
    until = stage.world.clock.now() + timedelta(days=days)
    record_duty(stage.house, stage.world.who(by), stage.slot_id, stage.id(name), DUTY, until)
    return until


def left_out(stage: Stage) -> dict[str, LeftOut]:
    page = minutes_send_page(stage.house, stage.world.who("helen"), stage.slot_id)
    return {stage.name_of(c.person_id): why for c, why in page.proposal.left_out}


def test_to_those_who_attended_and_to_nobody_else(stage: Stage) -> None:
    stage.minutes_ready(
        joe=Presence.APOLOGIES, mark=Presence.ABSENT, una=Presence.ATTENDED,
        newcomer=Presence.ABSENT,
    )  # fmt: skip
    assert left_out(stage) == {
        "joe": LeftOut.APOLOGIES, "mark": LeftOut.ABSENT, "newcomer": LeftOut.ABSENT
    }  # fmt: skip
    stage.send_minutes()
    assert stage.states() == {
        "alan": GrantState.GRANTED, "carys": GrantState.GRANTED, "adeyemi": GrantState.GRANTED,
        "ruth": GrantState.GRANTED, "una": GrantState.WAITING,
    }  # fmt: skip
    stage.accept("ruth")
    assert stage.opens("ruth").startswith(b"%PDF")
    with reading(stage.house.engine) as db:
        told = {
            each.address.split("@")[0]
            for each in outbox.due(db, stage.world.clock.now(), 1000)
            if each.letter == "minutes_sent"
        }
    assert told == {"alan", "carys", "adeyemi", "ruth"}
    stage.whole()


@pytest.mark.parametrize("lacks", ["filed", "locked", "approved"])
def test_nothing_goes_before_it_is_filed_locked_and_approved(stage: Stage, lacks: str) -> None:
    stage.register()
    if lacks != "locked":
        stage.lock()
    if lacks != "filed":
        stage.file()
        if lacks != "approved":
            stage.approve()
    with pytest.raises(Refused) as refused:
        send_minutes(stage.house, stage.world.who("helen"), stage.slot_id, "0" * 64, "000000")
    assert refused.value.why.value == {"filed": "not_filed", "locked": "not_locked"}.get(
        lacks, "not_approved"
    )
    with pytest.raises(Refused):
        minutes_send_page(stage.house, stage.world.who("helen"), stage.slot_id)
    assert stage.states() == {}


@pytest.mark.parametrize("name", ["priya", "alan", "joe", "sian", "dev"])
def test_only_coordinators_and_deputies_send(stage: Stage, name: str) -> None:
    stage.minutes_ready()
    with pytest.raises(Refused):
        send_minutes(stage.house, stage.world.who(name), stage.slot_id,
                     stage.minutes_digest(), stage.world.code(name))  # fmt: skip
    assert stage.states() == {}


def test_a_duty_gives_its_person_their_own_end(stage: Stage) -> None:
    stage.minutes_ready(joe=Presence.APOLOGIES)
    until = duty(stage, "joe")
    duty(stage, "grace", 60)
    stage.send_minutes()
    assert stage.grant("joe").closes_at == until
    assert stage.grant("joe").closes_at != stage.grant("ruth").closes_at
    assert stage.grant("joe").version_id != stage.grant("ruth").version_id
    stage.accept("joe", "ruth")
    assert stage.opens("joe").startswith(b"%PDF")
    stage.world.clock.set(until + timedelta(seconds=1))
    with pytest.raises(Refused) as refused:
        stage.opens("joe")
    assert refused.value.why is Why.ENDED
    assert stage.opens("ruth").startswith(b"%PDF")
    stage.whole()


def test_a_duty_of_somebody_who_attended_does_not_shorten_their_time(stage: Stage) -> None:
    stage.minutes_ready()
    duty(stage, "joe", 2)
    stage.send_minutes()
    assert stage.grant("joe").closes_at == stage.grant("ruth").closes_at


def test_a_duty_recorded_later_reaches_one_person_and_touches_no_other(stage: Stage) -> None:
    stage.minutes_ready(joe=Presence.APOLOGIES)
    stage.send_minutes()
    before = stage.grant("ruth")
    with pytest.raises(NothingToSend):
        stage.send_minutes()
    duty(stage, "joe")
    assert set(left_out(stage).values()) == {LeftOut.HAS_IT}
    sent = stage.send_minutes("tom")
    assert set(sent.grants) == {stage.id("joe")}
    assert stage.grant("ruth") == before
    stage.whole()


def test_a_duty_that_ended_before_the_sending_gives_nothing(stage: Stage) -> None:
    stage.minutes_ready(joe=Presence.APOLOGIES)
    duty(stage, "joe", 1)
    digest = stage.minutes_digest()
    stage.world.clock.advance(timedelta(days=1))
    assert left_out(stage)["joe"] is LeftOut.APOLOGIES
    with pytest.raises(Changed):
        send_minutes(stage.house, stage.world.who("helen"), stage.slot_id, digest,
                     stage.world.code("helen"))  # fmt: skip


def test_somebody_who_was_there_in_part_takes_a_reason(stage: Stage) -> None:
    stage.minutes_ready(joe=Presence.PART)
    parts = {"joe": minutes_of(stage)}
    page = minutes_send_page(
        stage.house, stage.world.who("helen"), stage.slot_id, {stage.id("joe"): parts["joe"]}
    )
    assert page.proposal.warnings == (
        "Joe Tarn was there for part of the meeting. These minutes hold all of it.",
    )
    with pytest.raises(Unacceptable):
        stage.send_minutes(reason="", parts=parts)
    stage.send_minutes(reason="He heard every item that is minuted.", parts=parts)
    assert stage.states()["joe"] is GrantState.GRANTED


def test_an_observer_who_was_there_gets_none_without_a_duty(stage: Stage) -> None:
    invite_to_slot(stage.house, stage.world.who("helen"), stage.slot_id, stage.id("grace"),
                   Capacity.OBSERVER, "Learns how meetings are held.")  # fmt: skip
    helen = stage.world.who("helen")
    everybody = {stage.id(name): Presence.ATTENDED for name in (*INVITED, "grace")}
    record_attendance(stage.house, helen, stage.slot_id, everybody)
    stage.lock()
    stage.file()
    stage.approve()
    page = minutes_send_page(stage.house, helen, stage.slot_id)
    assert [(c.name, why) for c, why in page.proposal.left_out] == [
        ("Grace Lund", LeftOut.OBSERVER)
    ]
    duty(stage, "grace")
    page = minutes_send_page(stage.house, helen, stage.slot_id)
    assert page.proposal.left_out == ()


def test_withdrawn_after_the_lock(stage: Stage) -> None:
    stage.minutes_ready()
    withdraw_invitation(stage.house, stage.world.who("helen"), stage.slot_id, stage.id("joe"))
    assert left_out(stage) == {"joe": LeftOut.WITHDRAWN}
    stage.send_minutes()
    assert "joe" not in stage.states()


def test_a_digest_counts_once(stage: Stage) -> None:
    stage.minutes_ready()
    digest, helen = stage.minutes_digest(), stage.world.who("helen")
    send_minutes(stage.house, helen, stage.slot_id, digest, stage.world.code("helen"))
    with pytest.raises(Changed):
        send_minutes(stage.house, helen, stage.slot_id, digest, stage.world.code("helen"))
    assert len(stage.lines("minutes.sent")) == 1


def test_taken_back_minutes_can_be_sent_again(stage: Stage) -> None:
    stage.minutes_ready()
    sent = stage.send_minutes()
    take_back(stage.house, stage.world.who("helen"), sent.sending.id, "Wrong annex.")
    assert left_out(stage) == {}
    stage.send_minutes()
    stage.whole()


def test_more_time_for_minutes_by_duty_of_somebody_never_invited(stage: Stage) -> None:
    stage.minutes_ready()
    until = duty(stage, "grace", 3)
    sent = stage.send_minutes()
    grant = sent.grants[stage.id("grace")]
    stage.world.clock.set(until + timedelta(hours=1))
    expire_access(stage.house, stage.world.area.id)
    helen = stage.world.who("helen")
    given = give_more_time(stage.house, helen, grant.id, until + timedelta(days=9), "Still weighs.")
    assert given.state is GrantState.GRANTED
    stage.whole()


@pytest.mark.parametrize(
    ("reason", "days", "field"),
    [("", 3, "reason"), ("n/a", 3, "reason"), (DUTY, 0, "until"), (DUTY, -1, "until"),
     (DUTY, 400, "until")],
)  # fmt: skip
def test_a_duty_takes_a_reason_and_an_end(stage: Stage, reason: str, days: int, field: str) -> None:
    until = stage.world.clock.now() + timedelta(days=days)
    with pytest.raises(Unacceptable) as refused:
        record_duty(stage.house, stage.world.who("helen"), stage.slot_id, stage.id("joe"), reason,
                    until)  # fmt: skip
    assert refused.value.field == field
    assert stage.lines("duty.recorded") == []


@pytest.mark.parametrize("name", ["priya", "alan", "joe", "sian", "dev"])
def test_only_coordinators_and_deputies_record_a_duty(stage: Stage, name: str) -> None:
    with pytest.raises(Refused):
        duty(stage, "joe", by=name)
    with pytest.raises(Refused):
        duty_page(stage.house, stage.world.who(name), stage.slot_id, stage.id("joe"))


def test_no_duty_for_a_stranger(stage: Stage) -> None:
    until = stage.world.clock.now() + timedelta(days=3)
    helen = stage.world.who("helen")
    for slot_id, person_id in ((stage.slot_id, "f" * 32), ("f" * 32, stage.id("joe"))):
        with pytest.raises(Refused):
            record_duty(stage.house, helen, slot_id, person_id, DUTY, until)
        with pytest.raises(Refused):
            duty_page(stage.house, helen, slot_id, person_id)


def test_those_without_a_key_wait_for_minutes_too(stage: Stage) -> None:
    stage.minutes_ready()
    sent = stage.send_minutes()
    assert set(sent.waiting) == {stage.id(name) for name in WAITING}
