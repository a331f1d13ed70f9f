"""Invitations, report requests and their withdrawal: MAPPA rules 1 to 20 that concern them."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from portal.domain.deeds import Deed
from portal.domain.ids import AgencyId, PersonId, SlotId
from portal.domain.inviting import CHILD_WARNING, warnings
from portal.domain.meetings import Capacity, Slot
from portal.domain.papers import RequestStatus
from portal.domain.people import Account, Role, Service, Standing
from portal.journeys.house import Who
from portal.journeys.joining.invite_person import invite_person
from portal.journeys.joining.new_account import NewPerson
from portal.journeys.meetings.bank_holidays import around
from portal.journeys.meetings.invite_to_slot import Invited, invite_to_slot
from portal.journeys.meetings.withdraw_invitation import withdraw_invitation
from portal.journeys.opening.opened import NotGiven
from portal.journeys.reports.ask_for_report import ask_for_report
from portal.journeys.unacceptable import Unacceptable
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import cases, papers, people, texts
from portal.records.database import reading, writing
from tests.journeys.other_area import enrol, lines, other_area
from tests.journeys.planning import (
    MEETING,
    NAME,
    agency_of,
    case_of,
    meeting_of,
    read_by,
    slot_of,
    told,
)
from tests.world import World

REASON = "Holds the case for the police"


def invite(
    world: World,
    slot: Slot,
    name: str,
    capacity: Capacity = Capacity.CASE_HOLDER,
    by: str = "helen",
    reason: str = REASON,
) -> Invited:
    return invite_to_slot(
        world.house, world.who(by), slot.id, world.person(name).id, capacity, reason
    )


def case_at(world: World, slot: Slot) -> object:
    with reading(world.house.engine) as db:
        found = cases.load(db, world.area.id, slot.case_id)
    assert found is not None
    return found


def requests(world: World, slot: Slot) -> list[tuple[str, str]]:
    with reading(world.house.engine) as db:
        found = papers.requests_for(db, world.area.id, slot.id)
        agencies = people.agencies_of(db, world.area.id)
    return [(agencies[request.agency_id].name, request.form_code) for request in found]


# ---- who may be invited, and by whom ----


@pytest.mark.parametrize("by", ["helen", "tom", "priya"])
def test_an_invitee_is_told_and_given_the_particulars(world: World, by: str) -> None:
    case = case_of(world)
    slot = meeting_of(world, case).slots[0]
    invited = invite(world, slot, "carys", by=by)
    assert invited.can_open
    assert read_by(world, case, world.who("carys")).name == NAME
    (notice,) = told(world, "invited_to_meeting")
    assert notice.address == world.person("carys").email
    assert notice.fields == {
        "area": "Northmere",
        "reference": "NM/2026/014",
        "date": "2026-05-28",
        "time": "10:00",
        "path": "/",
        "phone": "01632 960 000",
    }
    (entry,) = lines(world.house, world.area.id, Deed.INVITATION_MADE)
    assert entry["capacity"] == "case_holder"
    assert entry["manifest"] is not None


def test_rule_2_an_invitee_of_one_case_has_nothing_of_the_next(world: World) -> None:
    mine, other = case_of(world), case_of(world, "NM/2026/015", "Somebody Else")
    slot = meeting_of(world, mine, other).slots[0]
    invite(world, slot, "carys")
    with pytest.raises(NotGiven):
        read_by(world, other, world.who("carys"))
    with pytest.raises(NotGiven):
        read_by(world, mine, world.who("ruth"))


@pytest.mark.parametrize("name", ["alan", "carys", "sian", "dev", "una"])
def test_nobody_outside_the_unit_invites_or_asks(world: World, name: str) -> None:
    slot, who = slot_of(world), world.who(name)
    with pytest.raises(Refused):
        invite(world, slot, "ruth", by=name)
    with pytest.raises(Refused):
        ask_for_report(world.house, who, slot.id, world.agency("health").id, "update", MEETING)
    with pytest.raises(Refused):
        withdraw_invitation(world.house, who, slot.id, world.person("ruth").id)


@pytest.mark.parametrize("reason", ["", "   ", "\n\t", "x" * 1001])
def test_rule_4_a_reason_is_required(world: World, reason: str) -> None:
    with pytest.raises(Unacceptable) as found:
        invite(world, slot_of(world), "carys", reason=reason)
    assert found.value.field == "reason"


def test_rule_4_the_reason_is_kept_sealed(world: World) -> None:
    invited = invite(world, slot_of(world), "carys", reason="Knows about the mullioned windows")
    with reading(world.house.engine) as db:
        sealed = texts.load(db, world.area.id, invited.invitation.id, "reason")
    assert sealed is not None
    assert b"mullioned" not in sealed
    for file in world.folder.rglob("*"):
        assert not file.is_file() or b"mullioned" not in file.read_bytes(), file.name
    (entry,) = lines(world.house, world.area.id, Deed.INVITATION_MADE)
    assert len(str(entry["reason"])) == 64


def test_nobody_is_invited_twice_at_once(world: World) -> None:
    slot = slot_of(world)
    invite(world, slot, "carys")
    with pytest.raises(Unacceptable) as found:
        invite(world, slot, "carys", Capacity.MANAGER)
    assert found.value.field == "person"
    assert len(told(world, "invited_to_meeting")) == 1


def test_a_leaver_is_not_invited(world: World) -> None:
    slot = slot_of(world)
    with writing(world.house.engine) as db:
        people.set_account(db, world.area.id, world.person("carys").id, Account.LEFT)
        db.commit()
    with pytest.raises(Unacceptable) as found:
        invite(world, slot, "carys")
    assert found.value.field == "person"


@pytest.mark.parametrize("name", ["sian", "dev"])
def test_auditors_and_operators_are_not_invited(world: World, name: str) -> None:
    with pytest.raises(Unacceptable):
        invite(world, slot_of(world), name)


def test_rule_14_only_a_chair_is_invited_as_the_chair(world: World) -> None:
    slot = slot_of(world)
    with pytest.raises(Unacceptable) as found:
        invite(world, slot, "carys", Capacity.CHAIR)
    assert found.value.field == "capacity"
    invite(world, slot, "alan", Capacity.CHAIR)


def joined(world: World, name: str, agency: AgencyId, *roles: Role) -> PersonId:
    """Somebody new who has joined, and whose key nobody has confirmed."""
    new = NewPerson(
        name, f"{name.lower().replace(' ', '.')}@x.example", "Worker", "01632 960 444", agency,
        frozenset(roles),
    )  # fmt: skip
    person = invite_person(world.house, world.who("helen"), new).person
    enrol(world, person)
    return person.id


def test_rule_13_an_agency_that_can_not_receive_is_not_invited(world: World) -> None:
    slot = slot_of(world)
    school = agency_of(world, "Elm School", Standing.DUTY_TO_COOPERATE, Service.EDUCATION)
    person = joined(world, "Ivy Lane", school.id, Role.ATTENDEE)
    with pytest.raises(Unacceptable) as found:
        invite_to_slot(
            world.house, world.who("helen"), slot.id, person, Capacity.SPECIALIST, REASON
        )
    assert "rule 13" in found.value.words


def test_rule_13_an_associate_is_invited_with_a_warning(world: World) -> None:
    slot = slot_of(world)
    charity = agency_of(world, "Open Door", Standing.ASSOCIATE, Service.OTHER)
    person = joined(world, "Ivy Lane", charity.id, Role.ATTENDEE)
    invited = invite_to_slot(
        world.house, world.who("helen"), slot.id, person, Capacity.SPECIALIST, REASON
    )
    assert not invited.can_open
    assert any("Open Door" in words for words in warnings(False, [charity]))


def test_rule_15_a_lay_adviser_is_an_observer_without_papers(world: World) -> None:
    case = case_of(world)
    slot = meeting_of(world, case).slots[0]
    person = joined(world, "Lay Person", world.agency("probation").id, Role.LAY_ADVISER)
    for capacity in set(Capacity) - {Capacity.OBSERVER}:
        with pytest.raises(Unacceptable) as found:
            invite_to_slot(world.house, world.who("helen"), slot.id, person, capacity, REASON)
        assert found.value.field == "capacity"
    invited = invite_to_slot(
        world.house, world.who("helen"), slot.id, person, Capacity.OBSERVER, REASON
    )
    assert not invited.can_open
    with reading(world.house.engine) as db:
        assert person not in papers.wraps_of(db, world.area.id, case.particulars_version)


def test_rule_8_a_child_without_youth_justice_is_warned_of(world: World) -> None:
    youth = agency_of(world, "Youth Team", Standing.DUTY_TO_COOPERATE, Service.YOUTH_JUSTICE, "x")
    assert CHILD_WARNING in warnings(True, [world.agency("police")])
    assert CHILD_WARNING not in warnings(True, [world.agency("police"), youth])
    assert CHILD_WARNING not in warnings(False, [])
    assert any("rule 9" in words for words in warnings(True, [youth]))


def test_another_areas_slot_and_person_do_not_exist_here(world: World) -> None:
    there, slot = other_area(world), slot_of(world)
    olga: Who = there.olga
    for who, slot_id, person in (
        (olga, slot.id, world.person("carys").id),
        (world.who("helen"), slot.id, olga.actor.person_id),
        (world.who("helen"), SlotId("a" * 26), world.person("carys").id),
    ):
        with pytest.raises(Refused) as found:
            invite_to_slot(world.house, who, slot_id, person, Capacity.MANAGER, REASON)
        assert found.value.why is Why.NOT_THERE
    for who, agency in ((olga, there.agency), (world.who("helen"), there.agency)):
        with pytest.raises(Refused) as found:
            ask_for_report(world.house, who, slot.id, agency.id, "update", MEETING)
        assert found.value.why is Why.NOT_THERE


def test_nobody_is_invited_to_a_meeting_that_is_over(world: World) -> None:
    slot = slot_of(world)
    world.clock.set(datetime(2026, 5, 29, 9, 0, tzinfo=ZoneInfo("Europe/London")))
    with pytest.raises(Unacceptable):
        invite(world, slot, "carys")
    with pytest.raises(Unacceptable):
        ask_for_report(
            world.house, world.who("helen"), slot.id, world.agency("health").id, "update", MEETING
        )


# ---- rule 11, and reports ----


def test_rule_11_inviting_custody_asks_it_for_its_mappa_f_once(world: World) -> None:
    slot = slot_of(world)
    asked = invite(world, slot, "adeyemi").asked
    assert asked is not None
    assert asked.request.form_code == "F"
    # Ten working days before 28 May 2026; 25 May is a bank holiday.
    assert asked.request.due_on == date(2026, 5, 13)
    assert requests(world, slot) == [("HMP Elmsworth", "F")]
    assert [notice.address for notice in told(world, "report_asked")] == [
        world.person("adeyemi").email
    ]
    withdraw_invitation(world.house, world.who("helen"), slot.id, world.person("adeyemi").id)
    assert invite(world, slot, "adeyemi").asked is None
    assert requests(world, slot) == [("HMP Elmsworth", "F")]


def test_rule_11_not_when_it_was_asked_before_or_is_not_custody(world: World) -> None:
    slot = slot_of(world)
    prison = world.agency("prison").id
    ask_for_report(world.house, world.who("helen"), slot.id, prison, "F", date(2026, 5, 20))
    assert invite(world, slot, "adeyemi").asked is None
    assert invite(world, slot, "carys").asked is None
    assert len(requests(world, slot)) == 1


def test_a_report_is_never_due_before_today(world: World) -> None:
    slot = slot_of(world, on=date(2026, 5, 6))
    asked = invite(world, slot, "adeyemi").asked
    assert asked is not None
    assert asked.request.due_on == date(2026, 5, 4)


def test_rule_17_contacts_who_are_asked_can_open_the_particulars(world: World) -> None:
    case = case_of(world)
    slot = meeting_of(world, case).slots[0]
    asked = ask_for_report(
        world.house, world.who("priya"), slot.id, world.agency("health").id, "update",
        date(2026, 5, 20),
    )  # fmt: skip
    assert (asked.told, asked.given) == (1, 1)
    assert asked.request.status is RequestStatus.REQUESTED
    assert read_by(world, case, world.who("grace")).name == NAME
    with pytest.raises(NotGiven):
        read_by(world, case, world.who("joe"))
    (notice,) = told(world, "report_asked")
    assert notice.fields["path"] == f"/agency/requests/{asked.request.id}"
    assert NAME not in str(notice)
    (entry,) = lines(world.house, world.area.id, Deed.REPORT_ASKED)
    assert len(entry["manifests"]) == 1  # type: ignore[arg-type]


@pytest.mark.parametrize("key", ["police", "probation", "health", "housing"])
def test_rule_20_a_mappa_f_is_asked_of_custody_only(world: World, key: str) -> None:
    slot = slot_of(world)
    with pytest.raises(Unacceptable) as found:
        ask_for_report(
            world.house, world.who("helen"), slot.id, world.agency(key).id, "F", date(2026, 5, 20)
        )
    assert found.value.field == "form_code"
    assert requests(world, slot) == []


@pytest.mark.parametrize("form", ["previous", "Z", "", "f"])
def test_only_what_an_agency_writes_is_asked_of_it(world: World, form: str) -> None:
    with pytest.raises(Unacceptable) as found:
        ask_for_report(
            world.house, world.who("helen"), slot_of(world).id, world.agency("prison").id, form,
            date(2026, 5, 20),
        )  # fmt: skip
    assert found.value.field == "form_code"


@pytest.mark.parametrize("due", [date(2026, 5, 3), date(2026, 5, 28), date(2026, 6, 1)])
def test_a_report_is_due_between_today_and_the_day_before(world: World, due: date) -> None:
    with pytest.raises(Unacceptable) as found:
        ask_for_report(
            world.house, world.who("helen"), slot_of(world).id, world.agency("health").id,
            "update", due,
        )  # fmt: skip
    assert found.value.field == "due_on"


def test_the_same_report_is_not_asked_twice_while_it_is_open(world: World) -> None:
    slot, health = slot_of(world), world.agency("health").id
    day = date(2026, 5, 20)
    asked = ask_for_report(world.house, world.who("helen"), slot.id, health, "update", day)
    with pytest.raises(Unacceptable):
        ask_for_report(world.house, world.who("tom"), slot.id, health, "update", day)
    ask_for_report(world.house, world.who("helen"), slot.id, health, "risk", day)
    with writing(world.house.engine) as db:
        papers.answer_request(
            db, world.area.id, asked.request.id, RequestStatus.NOTHING_KNOWN, None
        )
        db.commit()
    ask_for_report(world.house, world.who("helen"), slot.id, health, "update", day)


def test_an_agency_without_contacts_is_asked_and_nobody_is_told(world: World) -> None:
    trust = agency_of(world, "Quiet Trust", Standing.DUTY_TO_COOPERATE, Service.HEALTH, "x")
    asked = ask_for_report(
        world.house, world.who("helen"), slot_of(world).id, trust.id, "update", date(2026, 5, 20)
    )
    assert (asked.told, asked.given) == (0, 0)


def test_bank_holidays_are_those_of_england_and_wales() -> None:
    known = around(date(2026, 5, 4))
    assert {date(2026, 5, 4), date(2026, 5, 25), date(2025, 12, 26), date(2027, 1, 1)} <= known
    assert date(2026, 3, 17) not in known
    assert date(2026, 11, 30) not in known
