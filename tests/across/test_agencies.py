"""An agency that serves several areas: entered once, linked by others, corrected in one place."""

from __future__ import annotations

from dataclasses import replace

import pytest

from portal.domain.ids import AgencyId
from portal.domain.people import Agency, Role
from portal.journeys.agencies.add_agency import NewAgency, add_agency
from portal.journeys.agencies.change_agency import change_agency
from portal.journeys.agencies.link_agency import (
    Local,
    agency_to_link,
    link_agency,
    offered_agencies,
)
from portal.journeys.agencies.reaching import Reached
from portal.journeys.agencies.share_agency import share_agency
from portal.journeys.unacceptable import Unacceptable
from portal.policy.judge import Refused
from portal.records import people
from portal.records.database import reading
from tests.across.scene import Two

LOCAL = Local("Sola Adeyemi", "", "south.omu@prison.example", "01632 961 220")


@pytest.fixture
def prison(two: Two) -> Agency:
    """Northmere's prison, offered to other areas."""
    found = two.world.agency("prison")
    share_agency(two.world.house, two.world.who("helen"), found.id, shared=True)
    return two.world.agency("prison")


def row(two: Two, area_id: str, agency_id: AgencyId) -> Agency:
    with reading(two.world.house.engine) as db:
        found = people.load_agency(db, area_id, agency_id)  # type: ignore[arg-type]
    assert found is not None
    return found


def reach(agency: Agency, **other: str) -> Reached:
    told = {
        "secure_way": agency.secure_way, "spoc": agency.spoc, "deputy": agency.deputy,
        "mailbox": agency.mailbox, "phone": agency.phone,
    }  # fmt: skip
    return Reached(**{**told, **other})


def test_nothing_is_offered_until_the_area_that_entered_it_says_so(two: Two) -> None:
    assert offered_agencies(two.world.house, two.olga) == []
    with pytest.raises(Refused):
        agency_to_link(two.world.house, two.olga, two.world.agency("prison").id)
    with pytest.raises(Refused):
        link_agency(two.world.house, two.olga, two.world.agency("prison").id, LOCAL)


def test_the_list_shows_name_and_kind_and_nothing_of_anybody(two: Two, prison: Agency) -> None:
    (offered,) = offered_agencies(two.world.house, two.olga)
    assert vars(offered) == {
        "id": prison.id,
        "name": prison.name,
        "standing": prison.standing,
        "service": prison.service,
    }


def test_linking_brings_kind_and_secure_way_and_no_contact(two: Two, prison: Agency) -> None:
    linked = link_agency(two.world.house, two.olga, prison.id, LOCAL)
    kept = row(two, two.area_id, linked.id)
    assert kept == linked
    assert linked.id != prison.id
    assert linked.source_id == prison.id
    assert (linked.name, linked.standing, linked.service, linked.secure_way) == (
        prison.name, prison.standing, prison.service, prison.secure_way,
    )  # fmt: skip
    assert (linked.spoc, linked.phone, linked.mailbox) == (LOCAL.spoc, LOCAL.phone, LOCAL.mailbox)
    with reading(two.world.house.engine) as db:
        assert people.of_agency(db, two.area_id, linked.id) == []
    assert two.lines(two.area_id)[-1]["deed"] == "agency.linked"


def test_the_area_that_entered_it_is_not_told_who_links_it(two: Two, prison: Agency) -> None:
    before = two.lines(two.world.area.id)
    link_agency(two.world.house, two.olga, prison.id, LOCAL)
    assert two.lines(two.world.area.id) == before
    assert row(two, two.world.area.id, prison.id) == prison


def test_it_is_linked_once_and_not_beside_one_of_its_name(two: Two, prison: Agency) -> None:
    linked = link_agency(two.world.house, two.olga, prison.id, LOCAL)
    assert offered_agencies(two.world.house, two.olga) == []
    with pytest.raises(Refused):
        link_agency(two.world.house, two.olga, prison.id, LOCAL)
    with pytest.raises(Unacceptable):
        add_agency(
            two.world.house,
            two.olga,
            NewAgency(linked.name, linked.standing, linked.service, "", "", "01632 961 9"),
        )


def test_a_correction_follows_with_a_line_in_each_record(two: Two, prison: Agency) -> None:
    linked = link_agency(two.world.house, two.olga, prison.id, LOCAL)
    helen = two.world.who("helen")
    change_agency(two.world.house, helen, prison.id, reach(prison, secure_way="Prison secure mail"))
    assert row(two, two.area_id, linked.id).secure_way == "Prison secure mail"
    for area_id, agency_id in ((two.area_id, linked.id), (two.world.area.id, prison.id)):
        told = two.lines(area_id)[-1]
        assert told["deed"] == "agency.changed"
        assert told["agency"] == agency_id
        assert list(told["changed"]) == ["secure_way"]  # type: ignore[call-overload]
    assert prison.id not in str(two.lines(two.area_id))


def test_what_is_local_stays_local(two: Two, prison: Agency) -> None:
    linked = link_agency(two.world.house, two.olga, prison.id, LOCAL)
    south = two.lines(two.area_id)
    change_agency(
        two.world.house, two.world.who("helen"), prison.id, reach(prison, spoc="Somebody New")
    )
    assert two.lines(two.area_id) == south
    assert row(two, two.area_id, linked.id).spoc == LOCAL.spoc
    north = two.lines(two.world.area.id)
    change_agency(two.world.house, two.olga, linked.id, reach(linked, spoc="Another"))
    assert two.lines(two.world.area.id) == north


def test_who_linked_it_does_not_correct_its_secure_way_nor_offer_it(
    two: Two, prison: Agency
) -> None:
    linked = link_agency(two.world.house, two.olga, prison.id, LOCAL)
    with pytest.raises(Unacceptable) as refused:
        change_agency(two.world.house, two.olga, linked.id, reach(linked, secure_way="Fax"))
    assert refused.value.field == "secure_way"
    with pytest.raises(Unacceptable):
        share_agency(two.world.house, two.olga, linked.id, shared=True)


def test_one_that_is_offered_no_longer_follows_still_where_it_is_linked(
    two: Two, prison: Agency
) -> None:
    linked = link_agency(two.world.house, two.olga, prison.id, LOCAL)
    helen = two.world.who("helen")
    share_agency(two.world.house, helen, prison.id, shared=False)
    change_agency(two.world.house, helen, prison.id, reach(prison, secure_way="By hand"))
    assert row(two, two.area_id, linked.id).secure_way == "By hand"


@pytest.mark.parametrize("name", ["carys", "sian", "dev", "grace"])
def test_nobody_outside_the_unit_sees_the_list(two: Two, prison: Agency, name: str) -> None:
    with pytest.raises(Refused):
        offered_agencies(two.world.house, two.world.who(name))


def test_an_area_changes_nothing_of_anothers_row(two: Two, prison: Agency) -> None:
    for attempt in (
        lambda: change_agency(two.world.house, two.olga, prison.id, reach(prison, spoc="Mine")),
        lambda: share_agency(two.world.house, two.olga, prison.id, shared=False),
    ):
        with pytest.raises(Refused):
            attempt()
    assert row(two, two.world.area.id, prison.id) == prison


def test_its_people_become_members_by_invitation_with_what_they_have(
    two: Two, prison: Agency
) -> None:
    linked = link_agency(two.world.house, two.olga, prison.id, LOCAL)
    there = replace(two, police=linked)
    adeyemi = there.joins("adeyemi", frozenset({Role.ATTENDEE, Role.CONTACT}))
    assert adeyemi.actor.agency_id == linked.id
    assert adeyemi.actor.agency == prison.name
    home = two.world.person("adeyemi")
    assert home.agency_id == prison.id
    assert adeyemi.actor.account_id == home.account_id
