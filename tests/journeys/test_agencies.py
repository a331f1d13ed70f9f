"""How an agency is reached: recorded, changed with a line, and its team mailbox told (rule 13)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from portal.domain.deeds import Deed
from portal.domain.ids import AgencyId
from portal.domain.people import Role, Service, Standing
from portal.journeys.agencies.add_agency import NewAgency, add_agency
from portal.journeys.agencies.change_agency import change_agency
from portal.journeys.agencies.reaching import Reached
from portal.journeys.joining.invite_person import invite_person
from portal.journeys.joining.new_account import NewPerson
from portal.journeys.keys.reached import reached
from portal.journeys.reports.ask_for_report import ask_for_report
from portal.journeys.unacceptable import Unacceptable
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from tests.journeys.other_area import lines, other_area
from tests.journeys.planning import case_of, meeting_of, told
from tests.staging import Stage
from tests.world import World

TYPED = Reached("CJSM", "Ivy Lane", "Ed Noll", "Desk@Police.example", "01632 960 777")


def changed(world: World, by: str = "helen", typed: Reached = TYPED) -> AgencyId:
    return change_agency(world.house, world.who(by), world.agency("police").id, typed).id


@pytest.mark.parametrize("by", ["helen", "tom", "priya"])
def test_the_unit_records_how_an_agency_is_reached(world: World, by: str) -> None:
    changed(world, by)
    now = world.agency("police")
    assert (now.spoc, now.deputy, now.mailbox) == ("Ivy Lane", "Ed Noll", "desk@police.example")
    entry = lines(world.house, world.area.id, Deed.AGENCY_CHANGED)[-1]
    assert list(entry["changed"]) == ["spoc", "deputy", "mailbox", "phone"]
    assert entry["reached"] == reached(world.house, now)
    for word in ("Ivy", "Noll", "desk@", "777"):
        assert word not in str(entry)


@pytest.mark.parametrize("by", ["alan", "carys", "sian", "dev"])
def test_nobody_else_changes_an_agency(world: World, by: str) -> None:
    with pytest.raises(Refused):
        changed(world, by)
    assert world.agency("police").mailbox == ""


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("secure_way", "x" * 201),
        ("spoc", "x" * 121),
        ("deputy", "x" * 121),
        ("mailbox", "desk"),
        ("mailbox", "desk@police.example\nBcc: a@b.example"),
        ("mailbox", "CARYS@northmere.example"),
        ("phone", ""),
    ],
)
def test_what_can_not_stand_is_refused(world: World, field: str, value: str) -> None:
    with pytest.raises(Unacceptable) as found:
        changed(world, typed=replace(TYPED, **{field: value}))
    assert found.value.field == field
    assert lines(world.house, world.area.id, Deed.AGENCY_CHANGED) == []


def test_nothing_different_leaves_no_line(world: World) -> None:
    changed(world)
    with pytest.raises(Unacceptable):
        changed(world)
    assert len(lines(world.house, world.area.id, Deed.AGENCY_CHANGED)) == 1


def test_an_agency_of_another_area_does_not_exist_here(world: World) -> None:
    there = other_area(world)
    for agency in (there.agency.id, AgencyId("a" * 26)):
        with pytest.raises(Refused) as found:
            change_agency(world.house, world.who("helen"), agency, TYPED)
        assert found.value.why is Why.NOT_THERE


def test_nobody_joins_with_the_address_of_a_team_mailbox(world: World) -> None:
    changed(world)
    new = NewPerson(
        "Ivy Lane", "desk@police.example", "Desk", "01632 960 556",
        world.agency("police").id, frozenset({Role.ATTENDEE}),
    )  # fmt: skip
    with pytest.raises(Unacceptable) as found:
        invite_person(world.house, world.who("helen"), new)
    assert found.value.field == "email"


def test_an_agency_without_a_secure_way_is_one_nobody_can_be_invited_of(world: World) -> None:
    changed(world, typed=replace(TYPED, secure_way=" "))
    assert not world.agency("police").may_be_invited


def test_a_new_agency_has_its_deputy_and_mailbox(world: World) -> None:
    agency = add_agency(
        world.house,
        world.who("helen"),
        NewAgency(
            "Elm School", Standing.DUTY_TO_COOPERATE, Service.EDUCATION, "CJSM", "Head",
            "01632 960 555", "Second head", "office@elm.example",
        ),
    )  # fmt: skip
    assert (agency.deputy, agency.mailbox) == ("Second head", "office@elm.example")
    entry = lines(world.house, world.area.id, Deed.AGENCY_ADDED)[-1]
    assert entry["reached"] == reached(world.house, agency)


def test_a_request_for_a_report_goes_to_the_mailbox_too(world: World) -> None:
    changed(world)
    slot = meeting_of(world, case_of(world)).slots[0]
    due = slot.starts_at.date().replace(day=slot.starts_at.day - 2)
    ask_for_report(
        world.house, world.who("helen"), slot.id, world.agency("police").id, "update", due
    )
    notices = told(world, "report_asked")
    assert {each.address for each in notices} == {"carys@northmere.example", "desk@police.example"}
    assert len({each.fields["path"] for each in notices}) == 1


def test_a_pack_tells_each_mailbox_once_and_nothing_of_it(stage: Stage) -> None:
    world = stage.world
    change_agency(world.house, world.who("helen"), world.agency("police").id, TYPED)
    stage.arrange()
    stage.send()
    (notice,) = told(world, "pack_sent_to_agency")
    assert notice.address == "desk@police.example"
    assert set(notice.fields) == {"area", "reference", "date", "time", "phone"}


def test_a_mailbox_whose_people_get_nothing_is_not_told(stage: Stage) -> None:
    world = stage.world
    change_agency(world.house, world.who("helen"), world.agency("health").id, TYPED)
    stage.arrange()
    stage.send()
    assert told(world, "pack_sent_to_agency") == []
