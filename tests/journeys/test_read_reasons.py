"""What was written about a meeting is read again: all of it, by the unit alone, as it was given."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import delete, update

from portal.crypto.sealing import seal_text
from portal.domain.deeds import FIELDS, Deed
from portal.domain.papers import RequestStatus
from portal.journeys.deed import tending
from portal.journeys.giving.dispatch import Dispatched
from portal.journeys.giving.give_more_time import give_more_time
from portal.journeys.giving.take_back import take_back
from portal.journeys.keys.unit_recipient import unit_recipient
from portal.journeys.meetings.place_hold import lift_hold, place_hold
from portal.journeys.minutes.record_duty import record_duty
from portal.journeys.record.read_reasons import ABOUT, read_reasons
from portal.journeys.reports.answer_request import answer_request
from portal.journeys.reports.ask_for_report import ask_for_report
from portal.journeys.reports.open_original import open_original
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import papers, texts
from portal.records.database import reading
from tests.journeys.other_area import other_area
from tests.journeys.test_corrected_in_pack import chosen, correct, go
from tests.staging import INVITED, REASON, Stage

WRONG = "It was sent for the wrong case."
LONGER = "She was ill and reads it tomorrow."
DUTIES = ("He must weigh the housing decision.", "He must weigh it again after the review.")
LOOKED = "The prison says that a page is missing from the scan."
HELD = "The coroner asks for everything about this case."
LIFTED = "The inquest is over and the coroner agrees."
CANNOT = "Our records are held by another force, which was asked."


def without_referral(stage: Stage) -> Dispatched:
    """A pack that goes in spite of a warning, so with a reason."""
    stage.arrange(("F", "update"))
    return stage.send()


def told(stage: Stage, by: str = "tom") -> list[tuple[Deed, tuple[str, ...], str | None]]:
    found = read_reasons(stage.house, stage.world.who(by), stage.slot_id)
    return [(each.deed, each.about, each.text) for each in found.reasons]


def test_every_reason_is_read_again_by_the_unit(stage: Stage) -> None:
    helen = stage.world.who("helen")
    police = stage.world.agency("police")
    asked = ask_for_report(
        stage.house, helen, stage.slot_id, police.id, "risk",
        stage.world.clock.now().date() + timedelta(days=3),
    )  # fmt: skip
    answer_request(
        stage.house, stage.world.who("carys"), asked.request.id, RequestStatus.DECLINED, CANNOT
    )
    sent = without_referral(stage)
    now = stage.world.clock.now()
    give_more_time(stage.house, helen, stage.grant("joe").id, now + timedelta(days=60), LONGER)
    for duty in DUTIES:
        stage.world.clock.advance(timedelta(seconds=1))
        record_duty(
            stage.house, helen, stage.slot_id, stage.id("mark"), duty, now + timedelta(days=9)
        )
    take_back(stage.house, helen, sent.sending.id, WRONG, person_id=stage.id("joe"))
    found = told(stage)
    invited = [each for each in found if each[0] is Deed.INVITATION_MADE]
    assert len(invited) == len(INVITED)
    assert all(text for _deed, _about, text in invited)
    assert found[len(invited):] == [
        (Deed.REPORT_ANSWERED, (police.name,), CANNOT),
        (Deed.PACK_SENT, (), REASON),
        (Deed.ACCESS_EXTENDED, ("Joe Tarn",), LONGER),
        *((Deed.DUTY_RECORDED, (stage.world.person("mark").name,), duty) for duty in DUTIES),
        (Deed.ACCESS_TAKEN_BACK, ("Joe Tarn",), WRONG),
    ]  # fmt: skip
    assert len(stage.lines(Deed.REASONS_READ.value)) == 1
    assert WRONG not in str(stage.lines())


def test_corrections_addenda_originals_and_holds_give_theirs_too(stage: Stage) -> None:
    helen = stage.world.who("helen")
    stage.arrange(("F", "update"))
    stage.send()
    version = correct(stage)
    go(stage, chosen(stage, version, "joe"))
    with reading(stage.house.engine) as db:
        wanted = papers.requests_for(db, stage.world.area.id, stage.slot_id)
    open_original(
        stage.house, helen, next(each.id for each in wanted if each.form_code == "F"), LOOKED
    )
    place_hold(stage.house, helen, stage.case_id, HELD)
    stage.world.clock.advance(timedelta(seconds=1))
    lift_hold(stage.house, helen, stage.case_id, LIFTED)
    found = [each for each in told(stage) if each[0] is not Deed.INVITATION_MADE]
    prison = stage.world.agency("prison").name
    assert found == [
        (Deed.PACK_SENT, (), REASON),
        (Deed.REPORT_CORRECTED, (prison,), "A date was wrong."),
        (Deed.ADDENDUM_SENT, (), REASON),
        (Deed.ORIGINAL_OPENED, (prison,), LOOKED),
        (Deed.HOLD_PLACED, (), HELD),
        (Deed.HOLD_LIFTED, (), LIFTED),
    ]


def test_every_deed_that_gives_a_reason_is_on_the_list() -> None:
    """A trace's reason is about a copy, not a meeting: it is read on the trace's own page."""
    giving = {deed for deed, fields in FIELDS.items() if "reason" in fields}
    assert giving == {*ABOUT, Deed.TRACE_ASKED}
    assert all(field in FIELDS[deed] for deed, field in ABOUT.items())


@pytest.mark.parametrize("name", ["ruth", "carys", "alan", "sian", "dev"])
def test_nobody_outside_the_unit_reads_them(stage: Stage, name: str) -> None:
    with pytest.raises(Refused) as refused:
        read_reasons(stage.house, stage.world.who(name), stage.slot_id)
    assert refused.value.why is Why.NOT_YOUR_ROLE
    assert stage.lines(Deed.REASONS_READ.value) == []


def test_another_areas_meeting_is_not_there(stage: Stage) -> None:
    with pytest.raises(Refused) as refused:
        read_reasons(stage.house, other_area(stage.world).olga, stage.slot_id)
    assert refused.value.why is Why.NOT_THERE


def test_a_text_put_in_its_place_is_not_shown_as_the_reason(stage: Stage) -> None:
    with reading(stage.house.engine) as db:
        unit = unit_recipient(stage.house, db, stage.world.area.id)
    forged = seal_text(b'{"text": "She asked to come.", "salt": "00"}', [unit.recipient])
    with tending(stage.house) as db:
        db.execute(update(texts.sealed_texts).values(sealed=forged))
    assert {text for _deed, _about, text in told(stage)} == {None}


@pytest.mark.parametrize("damage", [b"", b"not an age file"])
def test_a_damaged_text_hides_none_of_the_others(stage: Stage, damage: bytes) -> None:
    sent = without_referral(stage)
    with tending(stage.house) as db:
        db.execute(
            update(texts.sealed_texts)
            .where(texts.sealed_texts.c.subject == sent.sending.id)
            .values(sealed=damage)
        )
    found = told(stage)
    assert (Deed.PACK_SENT, (), None) in found
    assert [text for _deed, _about, text in found].count(None) == 1


def test_a_lost_text_is_said_to_be_missing(stage: Stage) -> None:
    with tending(stage.house) as db:
        db.execute(delete(texts.sealed_texts))
    assert [text for _deed, _about, text in told(stage)] == [None] * len(INVITED)
