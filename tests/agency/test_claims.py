"""One colleague takes a request on, and everybody concerned sees who has it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from portal.domain.deeds import Deed
from portal.domain.papers import RequestStatus
from portal.domain.people import Role
from portal.journeys.agencies.remove_person import remove_person
from portal.journeys.changed import Changed
from portal.journeys.house import Who
from portal.journeys.reports.answer_request import answer_request
from portal.journeys.reports.claim_request import claim_request
from portal.journeys.unacceptable import Unacceptable
from portal.journeys.views.agency_request import agency_request
from portal.journeys.views.agency_requests import agency_requests
from portal.journeys.views.slot import slot_page
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from tests.agency.conftest import Asking
from tests.journeys.other_area import lines, other_area
from tests.web.browsing import send, text_of


def colleague(asking: Asking, name: str = "grace") -> Who:
    """Somebody as a contact of the prison, for the judge."""
    world = asking.world
    who = world.who(name)
    return replace(who, actor=replace(who.actor, agency_id=world.agency("prison").id))


def holder(asking: Asking) -> str:
    (row,) = agency_requests(asking.world.house, asking.world.who("adeyemi")).rows
    return row.holder


def test_a_contact_takes_a_request_on_and_the_pages_say_so(asking: Asking) -> None:
    world = asking.world
    assert holder(asking) == ""
    claim_request(world.house, world.who("adeyemi"), asking.f, None)
    assert holder(asking) == "Sola Adeyemi"
    page = slot_page(world.house, world.who("helen"), asking.slot.id)
    held = {row.request.id: row.holder for row in page.requests}
    assert held[asking.update] is None
    found = held[asking.f]
    assert found is not None
    assert found.name == "Sola Adeyemi"
    entry = lines(world.house, world.area.id, Deed.REQUEST_CLAIMED)[-1]
    assert (entry["request"], entry["before"]) == (asking.f, None)


def test_another_takes_it_over_with_a_line_that_says_from_whom(asking: Asking) -> None:
    world = asking.world
    first = world.person("adeyemi").id
    claim_request(world.house, world.who("adeyemi"), asking.f, None)
    claim_request(world.house, colleague(asking), asking.f, first)
    assert agency_request(world.house, world.who("adeyemi"), asking.f).holder == world.person(
        "grace"
    )
    assert lines(world.house, world.area.id, Deed.REQUEST_CLAIMED)[-1]["before"] == first


def test_of_two_who_press_at_once_the_second_is_told(asking: Asking) -> None:
    world = asking.world
    claim_request(world.house, world.who("adeyemi"), asking.f, None)
    with pytest.raises(Changed):
        claim_request(world.house, colleague(asking), asking.f, None)
    assert holder(asking) == "Sola Adeyemi"


def test_nobody_takes_over_from_somebody_who_does_not_have_it(asking: Asking) -> None:
    world = asking.world
    with pytest.raises(Changed):
        claim_request(world.house, world.who("adeyemi"), asking.f, world.person("carys").id)
    assert lines(world.house, world.area.id, Deed.REQUEST_CLAIMED) == []


def test_taking_on_what_one_has_leaves_no_second_line(asking: Asking) -> None:
    world = asking.world
    claim_request(world.house, world.who("adeyemi"), asking.f, None)
    with pytest.raises(Unacceptable):
        claim_request(world.house, world.who("adeyemi"), asking.f, None)
    assert len(lines(world.house, world.area.id, Deed.REQUEST_CLAIMED)) == 1


@pytest.mark.parametrize("name", ["carys", "helen", "priya", "mark", "sian", "alan"])
def test_another_agencys_request_can_not_be_taken(asking: Asking, name: str) -> None:
    with pytest.raises(Refused) as found:
        claim_request(asking.world.house, asking.world.who(name), asking.f, None)
    assert found.value.why is Why.NOT_THERE


def test_a_colleague_without_the_contacts_role_can_not(asking: Asking) -> None:
    who = colleague(asking)
    who = replace(who, actor=replace(who.actor, roles=frozenset({Role.ATTENDEE})))
    with pytest.raises(Refused):
        claim_request(asking.world.house, who, asking.f, None)


def test_not_from_elsewhere_nor_once_the_meeting_has_begun(asking: Asking) -> None:
    world = asking.world
    with pytest.raises(Refused):
        claim_request(world.house, other_area(world).olga, asking.f, None)
    world.clock.advance(asking.begins - world.clock.now())
    with pytest.raises(Refused) as found:
        claim_request(world.house, world.who("adeyemi"), asking.f, None)
    assert found.value.why is Why.WINDOW_CLOSED


def test_whoever_has_it_keeps_no_colleague_from_answering(asking: Asking) -> None:
    world = asking.world
    claim_request(world.house, colleague(asking), asking.f, None)
    answer_request(world.house, world.who("adeyemi"), asking.f, RequestStatus.AT_MEETING)


def test_what_a_leaver_had_is_free_again(asking: Asking) -> None:
    world = asking.world
    claim_request(world.house, colleague(asking), asking.f, None)
    remove_person(world.house, world.who("helen"), world.person("grace").id)
    assert holder(asking) == ""
    claim_request(world.house, world.who("adeyemi"), asking.f, None)


def test_one_press_on_the_list_takes_it_on(asking: Asking) -> None:
    client = asking.world.client("adeyemi")
    assert "Nobody yet" in text_of(client.get("/agency/"))
    path = f"/agency/requests/{asking.f}/claim"
    assert send(client, path, "/agency/").status_code == 302
    assert "Nobody yet" not in text_of(client.get("/agency/"))
    assert "Who has it You" in text_of(client.get(f"/agency/requests/{asking.f}"))
    again = send(client, path, "/agency/")
    assert "You have this request already" in text_of(client.get(again.headers["Location"]))


def test_what_has_come_in_waits_for_nobody(asking: Asking) -> None:
    asking.handed_in()
    client = asking.world.client("adeyemi")
    for path in ("/agency/", f"/agency/requests/{asking.f}"):
        said = text_of(client.get(path))
        assert "Received" in said
        assert "Nobody yet" not in said
        assert "I will do it" not in said
