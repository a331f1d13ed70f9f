"""A list of people is looked through first, and invited whole or not at all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain import listing
from portal.domain.deeds import Deed
from portal.domain.listing import Fault
from portal.domain.people import Account, Role
from portal.journeys.agencies.add_agency import add_agency
from portal.journeys.changed import Changed
from portal.journeys.joining.invite_list import invite_list, look_at_list
from portal.journeys.joining.invite_person import invite_person
from portal.journeys.unacceptable import Unacceptable
from portal.policy.judge import Refused
from portal.records import people
from portal.records.database import reading
from tests.journeys.other_area import lines, other_area
from tests.journeys.planning import told
from tests.journeys.test_people import AGENCY, new_person
from tests.web.browsing import send, text_of
from tests.world import World

IVY = "Ivy Lane,ivy@northmere.example,Northmere Police,Sergeant,01632 960 556,attends + contact"
ED = "Ed Noll,ed@northmere.example,Northmere Homes,Officer,01632 960 557,attends"


def faults(world: World, text: str, by: str = "helen") -> list[list[Fault]]:
    listed = look_at_list(world.house, world.who(by), text)
    return [[finding.fault for finding in row.findings] for row in listed.rows]


def sent(world: World, text: str, by: str = "helen", vouched: frozenset[int] = frozenset()) -> int:
    digest = look_at_list(world.house, world.who(by), text).digest
    return invite_list(world.house, world.who(by), text, digest, vouched)


def joined_by_list(world: World) -> int:
    return len(told(world, "invited_to_join"))


@pytest.mark.parametrize("mark", [",", ";", "\t", ", "])
@pytest.mark.parametrize("head", ["", "Name,E-mail,Agency,Job,Telephone,Roles\n"])
def test_everybody_on_a_right_list_is_invited(world: World, mark: str, head: str) -> None:
    text = f"\ufeff{head}{IVY}\r\n\r\n{ED}\n".replace(",", mark)
    assert faults(world, text) == [[], []]
    assert joined_by_list(world) == 0
    assert sent(world, text) == 2
    with reading(world.house.engine) as db:
        known = people.of_area(db, world.area.id).values()
    found = next(each for each in known if each.email == "ivy@northmere.example")
    assert found.account is Account.INVITED
    assert found.roles == {Role.ATTENDEE, Role.CONTACT}
    assert joined_by_list(world) == 2
    assert len(lines(world.house, world.area.id, Deed.PERSON_INVITED)[-2:]) == 2


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        (IVY.replace("ivy@northmere", "ivy@nothmere"), Fault.MISTYPED_DOMAIN),
        (IVY.replace("ivy@northmere.example", "ivy@northmere.exmaple"), Fault.MISTYPED_DOMAIN),
        (IVY.replace("ivy@northmere.example", "ivy@gmail.com"), Fault.FOREIGN_DOMAIN),
        (IVY.replace("ivy@northmere.example", "ivy"), Fault.ADDRESS),
        (IVY.replace("ivy@northmere.example", "ivy@n\u043erthmere.example"), Fault.ADDRESS),
        (IVY.replace("ivy@", "carys@"), Fault.KNOWN),
        (IVY.replace("ivy@", "CARYS@"), Fault.KNOWN),
        (IVY.replace("01632 960 556", ""), Fault.PHONE),
        (IVY.replace("01632 960 556", "ask"), Fault.PHONE),
        (IVY.replace("Northmere Police", "Northmere Polise"), Fault.AGENCY),
        (IVY.replace("Northmere Police", ""), Fault.AGENCY),
        (IVY.replace("attends + contact", "co-ordinator"), Fault.ROLES),
        (IVY.replace("attends + contact", ""), Fault.ROLES),
        (IVY.replace("attends + contact", "lay adviser + contact"), Fault.ROLES),
        (IVY.replace("Ivy Lane", ""), Fault.NAME),
        (IVY.replace("Ivy Lane", "x" * 121), Fault.NAME),
        (IVY.replace("Sergeant", ""), Fault.JOB),
        (IVY + ",more", Fault.COLUMNS),
        ("Ivy Lane", Fault.COLUMNS),
        ('"Ivy Lane,ivy@northmere.example', Fault.COLUMNS),
    ],
)
def test_what_is_wrong_with_a_row_is_told_and_nobody_is_invited(
    world: World, row: str, fault: Fault
) -> None:
    text = f"{ED}\n{row}"
    found = faults(world, text)
    assert found[0] == []
    assert fault in found[1]
    with pytest.raises(Unacceptable):
        sent(world, text)
    assert joined_by_list(world) == 0


def test_what_was_meant_is_said(world: World) -> None:
    text = IVY.replace("ivy@northmere", "ivy@nothmere").replace(
        "Northmere Police", "Northmere Polise"
    )
    (row,) = look_at_list(world.house, world.who("helen"), text).rows
    assert "Northmere Police" in [finding.instead for finding in row.findings]
    (row,) = look_at_list(world.house, world.who("helen"), IVY.replace("ivy@n", "ivy@m")).rows
    assert [finding.instead for finding in row.findings] == ["northmere.example"]


def test_an_address_that_stands_twice_bars_both(world: World) -> None:
    assert faults(world, f"{IVY}\n{IVY.replace('ivy@', 'IVY@')}") == [[Fault.TWICE], [Fault.TWICE]]


def test_a_foreign_domain_goes_once_somebody_vouched_for_exactly_it(world: World) -> None:
    add_agency(world.house, world.who("helen"), AGENCY)
    text = f"{IVY}\n" + ED.replace("ed@northmere.example", "ed@elm.example").replace(
        "Northmere Homes", "Elm School"
    )
    assert faults(world, text) == [[], [Fault.FOREIGN_DOMAIN]]
    for vouched in (frozenset[int](), frozenset({1})):
        with pytest.raises(Unacceptable):
            sent(world, text, vouched=vouched)
    assert joined_by_list(world) == 0
    assert sent(world, text, vouched=frozenset({2})) == 2


def test_another_list_than_the_one_that_was_shown_is_not_sent(world: World) -> None:
    digest = look_at_list(world.house, world.who("helen"), ED).digest
    with pytest.raises(Changed):
        invite_list(world.house, world.who("helen"), IVY, digest, ())
    digest = look_at_list(world.house, world.who("helen"), f"{IVY}\n{ED}").digest
    invite_person(world.house, world.who("helen"), new_person(world, email="ed@northmere.example"))
    with pytest.raises(Changed):
        invite_list(world.house, world.who("helen"), f"{IVY}\n{ED}", digest, ())
    assert joined_by_list(world) == 1


def test_rule_14_an_administrator_gives_no_chair_by_a_list(world: World) -> None:
    text = IVY.replace("attends + contact", "chair")
    assert faults(world, text) == [[]]
    assert faults(world, text, by="priya") == [[Fault.ROLES]]


@pytest.mark.parametrize("by", ["alan", "carys", "sian", "dev"])
def test_nobody_else_looks_or_sends(world: World, by: str) -> None:
    with pytest.raises(Refused):
        look_at_list(world.house, world.who(by), IVY)
    digest = look_at_list(world.house, world.who("helen"), IVY).digest
    with pytest.raises(Refused):
        invite_list(world.house, world.who(by), IVY, digest, ())


def test_agencies_of_another_area_are_none_of_ours(world: World) -> None:
    there = other_area(world)
    text = IVY.replace("Northmere Police", there.agency.name)
    assert Fault.AGENCY in faults(world, text)[0]


@pytest.mark.parametrize("text", ["", " \n\t\n", "x\n" * 101, "x" * 40_001])
def test_no_list_and_too_long_a_list_are_refused(world: World, text: str) -> None:
    with pytest.raises(Unacceptable):
        look_at_list(world.house, world.who("helen"), text)


@given(st.text(max_size=300))
def test_reading_a_list_never_fails(text: str) -> None:
    for row in listing.rows(text):
        listing.roles_of(row.roles)
        listing.domain_finding(row.email, {"northmere.example"})
        listing.closest(row.agency, ["Northmere Police"])


def test_in_the_browser_nothing_goes_before_the_second_page(world: World) -> None:
    client = world.client("helen")
    path = "/unit/people/list"
    text = IVY.replace("northmere.example", "gmail.com")
    looked = send(client, path, list=text)
    assert "Nobody of this agency has an address of this domain" in text_of(looked)
    assert joined_by_list(world) == 0
    digest = look_at_list(world.house, world.who("helen"), text).digest
    held = send(client, f"{path}/send", path, list=text, digest=digest)
    assert "tick it" in text_of(held)
    assert "ivy@gmail.com" in held.get_data(as_text=True)
    assert joined_by_list(world) == 0
    done = send(client, f"{path}/send", path, list=text, digest=digest, vouched="1")
    assert done.status_code == 302
    assert joined_by_list(world) == 1
