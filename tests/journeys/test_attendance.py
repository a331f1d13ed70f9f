"""The register of who came: recorded by the unit, locked once, never changed after."""

from __future__ import annotations

import pytest

from portal.domain.meetings import Capacity, Presence
from portal.journeys.changed import Changed
from portal.journeys.meetings.invite_to_slot import invite_to_slot
from portal.journeys.meetings.lock_attendance import lock_attendance
from portal.journeys.meetings.record_attendance import record_attendance
from portal.journeys.views.minutes import (
    attendance_page,
)
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from tests.staging import INVITED, Stage


def test_the_unit_records_and_a_coordinator_locks(stage: Stage) -> None:
    stage.register("priya", joe=Presence.APOLOGIES)
    page = attendance_page(stage.house, stage.world.who("helen"), stage.slot_id)
    assert page.whole
    assert page.may_lock
    stage.register(joe=Presence.ABSENT)
    stage.lock("tom")
    page = attendance_page(stage.house, stage.world.who("helen"), stage.slot_id)
    assert (page.may_record, page.may_lock, page.locked_by) == (False, False, "Tom Adair")
    assert stage.lines("attendance.locked")[0]["register"]


def test_nothing_is_recorded_before_somebody_recorded_it(stage: Stage) -> None:
    page = attendance_page(stage.house, stage.world.who("helen"), stage.slot_id)
    assert {each.presence for each in page.attendees} == {None}
    assert len(page.attendees) == len(INVITED)


@pytest.mark.parametrize("name", ["sian", "dev", "joe", "alan"])
def test_nobody_outside_the_unit_records(stage: Stage, name: str) -> None:
    with pytest.raises(Refused):
        stage.register(name)
    with pytest.raises(Refused):
        attendance_page(stage.house, stage.world.who(name), stage.slot_id)


@pytest.mark.parametrize("name", ["priya", "sian", "dev", "joe"])
def test_who_may_not_lock(stage: Stage, name: str) -> None:
    stage.register()
    with pytest.raises(Refused):
        stage.lock(name)
    assert stage.lines("attendance.locked") == []


def test_the_chair_of_this_slot_may_lock(stage: Stage) -> None:
    stage.register()
    stage.lock("alan")


def test_another_register_than_the_one_shown_is_not_locked(stage: Stage) -> None:
    stage.register()
    helen = stage.world.who("helen")
    digest = attendance_page(stage.house, helen, stage.slot_id).digest
    stage.register(joe=Presence.ABSENT)
    with pytest.raises(Changed):
        lock_attendance(stage.house, helen, stage.slot_id, digest)


def test_an_empty_register_is_not_locked(stage: Stage) -> None:
    with pytest.raises(Changed):
        stage.lock()


def test_somebody_invited_meanwhile_must_be_in_it(stage: Stage) -> None:
    stage.register()
    invite_to_slot(stage.house, stage.world.who("helen"), stage.slot_id, stage.id("grace"),
                   Capacity.SPECIALIST, "Knows the clinic.")  # fmt: skip
    with pytest.raises(Changed):
        stage.lock()


@pytest.mark.parametrize("what", ["fewer", "more", "none"])
def test_a_register_is_of_everybody_invited_and_of_nobody_else(stage: Stage, what: str) -> None:
    presence = {stage.id(name): Presence.ATTENDED for name in INVITED}
    if what == "fewer":
        del presence[stage.id("joe")]
    elif what == "more":
        presence[stage.id("grace")] = Presence.ATTENDED
    else:
        presence = {}
    with pytest.raises(Changed):
        record_attendance(stage.house, stage.world.who("helen"), stage.slot_id, presence)


def test_a_locked_register_does_not_change(stage: Stage) -> None:
    stage.register()
    stage.lock()
    with pytest.raises(Refused) as refused:
        stage.register(joe=Presence.ABSENT)
    assert refused.value.why is Why.ALREADY_LOCKED
    with pytest.raises(Refused) as refused:
        stage.lock("tom")
    assert refused.value.why is Why.ALREADY_LOCKED
