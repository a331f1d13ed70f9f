"""Register, lock, draft, the chair's approval, duties, and to whom the minutes go."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pytest

from portal.documents.refusal import RefusedPaper
from portal.domain.grants import GrantState
from portal.domain.meetings import Capacity, Presence
from portal.domain.packs import LeftOut
from portal.domain.people import Role
from portal.journeys.approve_minutes import approve_minutes
from portal.journeys.changed import Changed
from portal.journeys.deed import tending
from portal.journeys.expire_access import expire_access
from portal.journeys.file_minutes import file_minutes
from portal.journeys.give_more_time import give_more_time
from portal.journeys.invite_to_slot import invite_to_slot
from portal.journeys.lock_attendance import lock_attendance
from portal.journeys.read_minutes import read_minutes
from portal.journeys.record_attendance import record_attendance
from portal.journeys.record_duty import record_duty
from portal.journeys.second_factor import CodeRefused
from portal.journeys.send_minutes import send_minutes
from portal.journeys.send_pack import NothingToSend
from portal.journeys.take_back import take_back
from portal.journeys.unacceptable import Unacceptable
from portal.journeys.views.minutes import (
    attendance_page,
    chair_page,
    duty_page,
    minutes_page,
    minutes_send_page,
)
from portal.journeys.views.reader_home import Entry, What, reader_home
from portal.journeys.withdraw_invitation import withdraw_invitation
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import keys, minutes, outbox, papers, people
from portal.records.database import reading
from tests.documents.making import numbered
from tests.staging import INVITED, WAITING, Stage

DUTY = "Must consider the tenancy and whether other tenants are at risk."


def duty(stage: Stage, name: str, days: int = 30, by: str = "helen") -> datetime:
    until = stage.world.clock.now() + timedelta(days=days)
    record_duty(stage.house, stage.world.who(by), stage.slot_id, stage.id(name), DUTY, until)
    return until


def left_out(stage: Stage) -> dict[str, LeftOut]:
    page = minutes_send_page(stage.house, stage.world.who("helen"), stage.slot_id)
    return {stage.name_of(c.person_id): why for c, why in page.proposal.left_out}


def to_approve(stage: Stage, name: str) -> list[Entry]:
    home = reader_home(stage.house, stage.world.who(name))
    return [entry for entry in home.entries if entry.what is What.APPROVAL]


def filed_version(stage: Stage):
    with reading(stage.house.engine) as db:
        found = minutes.load(db, stage.world.area.id, stage.slot_id)
    assert found is not None
    return found.version_id


# ---- the register ----


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


# ---- the draft and its approval ----


def test_the_chair_reads_and_approves_the_draft(stage: Stage) -> None:
    stage.file()
    alan = stage.world.who("alan")
    (waits,) = to_approve(stage, "alan")
    assert (waits.subject, waits.reference) == (stage.slot_id, "NMR/26/0117")
    assert read_minutes(stage.house, alan, stage.slot_id).startswith(b"%PDF")
    stage.approve()
    assert to_approve(stage, "alan") == []
    page = chair_page(stage.house, alan, stage.slot_id)
    assert page.approved_by == "Alan Reeve"
    assert read_minutes(stage.house, alan, stage.slot_id).startswith(b"%PDF")
    assert [each["actor"] for each in stage.lines("minutes.read")] == [stage.id("alan")] * 2


@pytest.mark.parametrize("name", ["joe", "ruth", "sian", "dev", "carys"])
def test_nobody_else_sees_a_draft(stage: Stage, name: str) -> None:
    stage.file()
    who = stage.world.who(name)
    for act in (
        lambda: read_minutes(stage.house, who, stage.slot_id),
        lambda: chair_page(stage.house, who, stage.slot_id),
        lambda: minutes_page(stage.house, who, stage.slot_id),
        lambda: approve_minutes(stage.house, who, stage.slot_id, filed_version(stage), "000000"),
    ):
        with pytest.raises(Refused):
            act()
    assert to_approve(stage, name) == []
    with reading(stage.house.engine) as db:
        readers = papers.readers_of(db, stage.world.area.id, filed_version(stage))
    assert readers == {"unit", stage.id("alan")}


@pytest.mark.parametrize("name", ["helen", "tom", "priya"])
def test_the_unit_reads_and_cannot_approve(stage: Stage, name: str) -> None:
    stage.file(name)
    assert read_minutes(stage.house, stage.world.who(name), stage.slot_id).startswith(b"%PDF")
    with pytest.raises(Refused):
        stage.approve(name)


def test_a_chair_of_another_slot_approves_nothing_here(stage: Stage) -> None:
    stage.file()
    with tending(stage.house) as db:
        joe = people.by_id(db, stage.id("joe"))
        assert joe is not None
        db.execute(
            people.people.update()
            .where(people.people.c.id == joe.id)
            .values(roles=joe.roles | {Role.CHAIR})
        )
    with pytest.raises(Refused) as refused:
        stage.approve("joe")
    assert refused.value.why is Why.NOT_THERE


def test_an_approval_is_of_one_version(stage: Stage) -> None:
    stage.file()
    first = filed_version(stage)
    stage.file(pages=3)
    alan = stage.world.who("alan")
    with pytest.raises(Changed):
        approve_minutes(stage.house, alan, stage.slot_id, first, stage.world.code("alan"))
    stage.approve()
    assert minutes_page(stage.house, stage.world.who("helen"), stage.slot_id).version_number == 2


def test_what_is_approved_is_not_replaced_nor_approved_twice(stage: Stage) -> None:
    stage.file()
    stage.approve()
    with pytest.raises(Refused) as refused:
        stage.file()
    assert refused.value.why is Why.ALREADY_APPROVED
    with pytest.raises(Refused) as refused:
        stage.approve()
    assert refused.value.why is Why.ALREADY_APPROVED


def test_approval_takes_an_unused_code(stage: Stage) -> None:
    stage.file()
    alan, version = stage.world.who("alan"), filed_version(stage)
    with pytest.raises(CodeRefused):
        approve_minutes(stage.house, alan, stage.slot_id, version, "000000")
    code = stage.world.code("alan")
    approve_minutes(stage.house, alan, stage.slot_id, version, code)
    with pytest.raises(Refused):
        approve_minutes(stage.house, alan, stage.slot_id, version, code)
    assert len(stage.lines("minutes.approved")) == 1


def test_filing_races_approval(stage: Stage) -> None:
    """What was approved is what stands, whichever came first."""
    stage.file()
    alan, helen, version = stage.world.who("alan"), stage.world.who("helen"), filed_version(stage)
    code, errors = stage.world.code("alan"), []

    def run(act) -> None:
        try:
            act()
        except (Changed, Refused) as error:
            errors.append(error)

    threads = [
        threading.Thread(target=run, args=[act])
        for act in (
            lambda: approve_minutes(stage.house, alan, stage.slot_id, version, code),
            lambda: file_minutes(stage.house, helen, stage.slot_id, numbered(1, "Other")),
        )
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(errors) == 1
    approved = stage.lines("minutes.approved")
    assert (filed_version(stage) == version) == bool(approved)


def test_a_chair_whose_key_was_confirmed_later_is_told_what_to_do(stage: Stage) -> None:
    with tending(stage.house) as db:
        kept = keys.confirmations_of_area(db, stage.world.area.id)[stage.id("alan")]
        keys.remove_confirmation(db, stage.world.area.id, stage.id("alan"))
    stage.file()
    with tending(stage.house) as db:
        keys.save_confirmation(db, kept)
    alan = stage.world.who("alan")
    assert not chair_page(stage.house, alan, stage.slot_id).can_read
    with pytest.raises(Changed, match="file the draft again"):
        read_minutes(stage.house, alan, stage.slot_id)
    code = stage.world.code("alan")
    with pytest.raises(Changed, match="file the draft again"):
        approve_minutes(stage.house, alan, stage.slot_id, filed_version(stage), code)
    stage.file()
    approve_minutes(stage.house, alan, stage.slot_id, filed_version(stage), code)


def test_a_refused_file_leaves_its_line_and_nothing_else(stage: Stage) -> None:
    before = set(stage.house.store.names())
    with pytest.raises(RefusedPaper):
        file_minutes(stage.house, stage.world.who("helen"), stage.slot_id, b"PK\x03\x04 not a pdf")
    assert stage.lines("file.refused")[0]["subject"] == stage.slot_id
    assert set(stage.house.store.names()) == before
    with pytest.raises(Refused):
        read_minutes(stage.house, stage.world.who("helen"), stage.slot_id)


# ---- to whom ----


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
    page = minutes_send_page(stage.house, stage.world.who("helen"), stage.slot_id)
    assert page.proposal.warnings == (
        "Joe Tarn was there for part of the meeting. These minutes hold all of it.",
    )
    with pytest.raises(Unacceptable):
        stage.send_minutes(reason="")
    stage.send_minutes(reason="He heard every item that is minuted.")
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
