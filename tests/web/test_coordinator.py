"""The unit's doors, as a coordinator, an administrator, and everybody else meets them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

import html5lib
import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Page

from portal.domain.deeds import Deed
from portal.domain.meetings import Capacity, Slot
from portal.domain.people import Account
from portal.journeys.meetings.invite_to_slot import invite_to_slot
from portal.web.current import encode
from tests.journeys.other_area import lines, other_area
from tests.journeys.planning import NAME, case_of, meeting_of, slot_of, told
from tests.web.browsing import send, text_of
from tests.world import World

BORN = {"born": ["29", "2", "1984"]}


def case_fields(world: World, **changes: Any) -> dict[str, Any]:
    return {
        "reference": "NM/2026/014",
        "lead_agency_id": world.agency("probation").id,
        "category": "1",
        "level": "2",
        "name": NAME,
        **BORN,
        **changes,
    }


def paths(world: World, slot: Slot) -> list[str]:
    una = world.person("una").id
    return [
        "/unit/",
        "/unit/cases/",
        "/unit/cases/new",
        f"/unit/cases/{slot.case_id}",
        "/unit/meetings/new",
        f"/unit/meetings/{slot.meeting_day_id}",
        f"/unit/slots/{slot.id}",
        f"/unit/slots/{slot.id}/invite",
        f"/unit/slots/{slot.id}/ask",
        "/unit/people/",
        "/unit/people/invite",
        f"/unit/people/{una}/confirm",
        f"/unit/people/{una}/remove",
        "/unit/agencies/new",
    ]


def posts(world: World, slot: Slot) -> list[str]:
    una = world.person("una").id
    return [
        "/unit/cases/",
        "/unit/cases/new",
        "/unit/meetings/new",
        f"/unit/slots/{slot.id}/invite",
        f"/unit/slots/{slot.id}/ask",
        f"/unit/slots/{slot.id}/withdraw/{una}",
        "/unit/people/invite",
        f"/unit/people/{una}/confirm",
        f"/unit/people/{una}/remove",
        f"/unit/people/{world.person('newcomer').id}/link",
        "/unit/agencies/new",
    ]


def followed(client: FlaskClient, answer: Any) -> str:
    assert answer.status_code == 302, text_of(answer)
    return text_of(client.get(answer.headers["Location"]))


def refused(answer: Any, words: str) -> None:
    assert answer.status_code == 200
    assert words in text_of(answer)
    assert "There is a problem" in text_of(answer)


def test_a_case_from_nothing_to_people_invited(world: World) -> None:
    client = world.client("helen")
    opened = send(client, "/unit/cases/new", **case_fields(world))
    page = followed(client, opened)
    assert NAME in page
    assert "29 February 1984" in page
    case_id = opened.headers["Location"].rsplit("/", 1)[1]
    planned = send(
        client, "/unit/meetings/new", **{
            "on": ["28", "5", "2026"], "starts": "10.00", "mode": "remote",
            "cases-0-case_id": "", "cases-1-case_id": case_id, "cases-1-kind": "review",
        },
    )  # fmt: skip
    assert "28 May 2026 at 10am" in followed(client, planned)
    body = client.get(planned.headers["Location"]).get_data(as_text=True)
    found = re.search(r"/unit/slots/(\w+)", body)
    assert found is not None
    slot = found[0]
    asked = send(
        client, f"{slot}/ask", agency_id=world.agency("health").id, form_code="update",
        due_on=["20", "5", "2026"],
    )  # fmt: skip
    page = followed(client, asked)
    assert "1 person was told" in page
    assert "Agency update 20 May 2026" in page
    for name, said in (("adeyemi", "asked for its MAPPA F"), ("una", "cannot open papers yet")):
        invited = send(
            client, f"{slot}/invite", person=world.person(name).id, capacity="case_holder",
            reason="Holds the case",
        )  # fmt: skip
        assert said in followed(client, invited)
    page = text_of(client.get(slot))
    assert "Cannot open yet: key not confirmed" in page
    assert "MAPPA F: prison or youth custody report 13 May 2026" in page
    board = text_of(client.get("/unit/"))
    assert "1 person waits for their key" in board
    assert "0 of 2" in board


def test_people_join_are_confirmed_and_leave(world: World) -> None:
    client = world.client("helen")
    added = send(
        client, "/unit/agencies/new", name="Elm School", standing="dtc", service="education",
        secure_way="", spoc="", phone="01632 960 700",
    )  # fmt: skip
    page = followed(client, added)
    assert "Nobody of it can be invited before" in page
    assert "Secure way or contact not recorded" in page
    invited = send(
        client, "/unit/people/invite", name="Ivy Lane", email="ivy@elm.example", job="Teacher",
        phone="01632 960 701", agency_id=world.agency("housing").id, roles=["attendee", "contact"],
    )  # fmt: skip
    page = followed(client, invited)
    assert "Ivy Lane Teacher Attends meetings; Contact: answers" in page
    link = f"/unit/people/{world.person('newcomer').id}/link"
    assert "no longer works" in followed(client, send(client, link, "/unit/people/"))
    una = world.person("una").id
    page = client.get(f"/unit/people/{una}/confirm").get_data(as_text=True)
    heard = re.search(r'name="heard"[^>]*value="(\w{64})"', page)
    assert heard is not None
    confirmed = send(client, f"/unit/people/{una}/confirm", heard=heard[1], rang="y")
    assert "The key is confirmed" in followed(client, confirmed)
    left = send(client, f"/unit/people/{una}/remove")
    assert "can open nothing any more" in followed(client, left)
    assert world.person("una").account is Account.LEFT


def test_a_key_is_not_confirmed_before_the_call(world: World) -> None:
    client = world.client("helen")
    before = lines(world.house, world.area.id, Deed.KEY_CONFIRMED)
    path = f"/unit/people/{world.person('una').id}/confirm"
    page = client.get(path).get_data(as_text=True)
    heard = re.search(r'name="heard"[^>]*value="(\w{64})"', page)
    assert heard is not None
    refused(send(client, path, heard=heard[1]), "Ring the person first")
    assert send(client, path, heard="0" * 64, rang="y").status_code == 409
    assert lines(world.house, world.area.id, Deed.KEY_CONFIRMED) == before


def test_an_administrator_prepares_and_does_not_confirm(world: World) -> None:
    slot = slot_of(world)
    client = world.client("priya")
    una = world.person("una").id
    for path in paths(world, slot):
        expected = 403 if una in path else 200
        assert client.get(path).status_code == expected, path
    page = client.get("/unit/people/invite").get_data(as_text=True)
    assert 'value="contact"' in page
    assert 'value="coordinator"' not in page
    sent = send(
        client, "/unit/people/invite", name="Ivy Lane", email="ivy@elm.example", job="Teacher",
        phone="01632 960 701", agency_id=world.agency("housing").id, roles=["coordinator"],
    )  # fmt: skip
    assert sent.status_code == 200
    assert told(world, "invited_to_join") == []


@pytest.mark.parametrize("name", ["alan", "carys", "una", "sian", "dev"])
def test_nobody_outside_the_unit_gets_any_of_it(world: World, name: str) -> None:
    slot = slot_of(world)
    client = world.client(name)
    for path in paths(world, slot):
        answer = client.get(path)
        assert answer.status_code in (403, 404), path
        assert NAME not in answer.get_data(as_text=True)
    for path in posts(world, slot):
        answer = send(client, path, "/account/")
        assert answer.status_code in (403, 404), path


def test_who_is_not_signed_in_is_sent_to_sign_in(world: World) -> None:
    slot = slot_of(world)
    for path in paths(world, slot):
        answer = world.client().get(path)
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/sign-in?next=")


def test_another_areas_pages_are_not_there(world: World) -> None:
    slot, there = slot_of(world), other_area(world)
    theirs = there.olga.actor.person_id
    client = world.client("helen")
    for path in (
        f"/unit/people/{theirs}/confirm",
        f"/unit/people/{theirs}/remove",
        "/unit/cases/nothing",
        "/unit/meetings/nothing",
        "/unit/slots/nothing",
        "/unit/slots/nothing/invite",
        "/unit/slots/nothing/ask",
    ):
        assert client.get(path).status_code == 404, path
    sent = send(
        client, f"/unit/slots/{slot.id}/invite", person=theirs, capacity="manager", reason="x"
    )
    refused(sent, "Not a valid choice")
    path = f"/unit/slots/{slot.id}/withdraw/{theirs}"
    assert send(client, path, f"/unit/slots/{slot.id}").status_code == 404


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"reference": "Zebedee"}, "must not name anybody"),
        ({"reference": ""}, "Type the case's reference"),
        ({"category": "4"}, "is opened as a restricted case"),
        ({"category": "9"}, "Not a valid choice"),
        ({"level": ""}, "Choose Level 2 or Level 3"),
        ({"name": " "}, "Type the individual's name"),
        ({"born": ["31", "2", "1984"]}, "There is no such day"),
        ({"born": ["", "", ""]}, "Type the date of birth"),
        ({"born": ["29"]}, "There is no such day"),
        ({"born": []}, "Type the date of birth"),
        ({"born": ["1", "2", "3", "4"]}, "There is no such day"),
        ({"born": ["1", "1", "2031"]}, "must be in the past"),
        ({"lead_agency_id": "nothing"}, "Not a valid choice"),
    ],
)
def test_a_case_that_can_not_stand_is_put_right_on_the_page(
    world: World, changes: dict[str, Any], words: str
) -> None:
    client = world.client("helen")
    answer = send(client, "/unit/cases/new", **case_fields(world, **changes))
    refused(answer, words)
    if "reference" not in changes:
        assert 'value="NM/2026/014"' in answer.get_data(as_text=True)
    assert lines(world.house, world.area.id, Deed.CASE_OPENED) == []


def test_a_reference_that_is_taken_is_said_beside_the_field(world: World) -> None:
    case_of(world)
    client = world.client("helen")
    answer = send(client, "/unit/cases/new", **case_fields(world, name="Somebody Else"))
    refused(answer, "There is a case with this reference already")
    assert 'href="#reference"' in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"on": ["1", "5", "2026"]}, "must be in the future"),
        ({"on": ["x", "5", "2026"]}, "There is no such day"),
        ({"starts": "25:00"}, "Write a time such as 10:30"),
        ({"starts": ""}, "Write a time such as 10:30"),
        ({"cases-0-case_id": ""}, "Choose at least one case"),
        ({"cases-0-at": "09:00"}, "times must follow each other"),
        ({"cases-0-case_id": "nothing"}, "Not a valid choice"),
        ({"mode": "elsewhere"}, "Not a valid choice"),
    ],
)
def test_a_meeting_that_can_not_stand_is_put_right_on_the_page(
    world: World, changes: dict[str, Any], words: str
) -> None:
    case = case_of(world)
    fields = {
        "on": ["28", "5", "2026"], "starts": "10:00", "mode": "remote",
        "cases-0-case_id": case.id, "cases-0-kind": "initial", **changes,
    }  # fmt: skip
    refused(send(world.client("helen"), "/unit/meetings/new", **fields), words)
    assert lines(world.house, world.area.id, Deed.MEETING_DAY_PLANNED) == []


@pytest.mark.parametrize(
    ("path", "fields", "words"),
    [
        ("invite", {"person": "", "capacity": "manager", "reason": "x"}, "Choose who is invited"),
        ("invite", {"person": "carys", "capacity": "", "reason": "x"}, "in what capacity"),
        ("invite", {"person": "carys", "capacity": "chair", "reason": "x"}, "rule 14"),
        ("invite", {"person": "carys", "capacity": "victim", "reason": "x"}, "Not a valid choice"),
        ("invite", {"person": "carys", "capacity": "manager", "reason": " "}, "Write why"),
        ("ask", {"form_code": "F", "agency_id": "health"}, "prison or youth custody"),
        ("ask", {"form_code": "previous", "agency_id": "health"}, "Not a valid choice"),
        ("ask", {"form_code": "", "agency_id": "health"}, "Choose what you ask for"),
    ],
)
def test_an_invitation_or_request_that_can_not_stand(
    world: World, path: str, fields: dict[str, Any], words: str
) -> None:
    slot = slot_of(world)
    fields = {"due_on": ["20", "5", "2026"], **fields}
    if fields.get("person"):
        fields["person"] = world.person(fields["person"]).id
    if fields.get("agency_id"):
        fields["agency_id"] = world.agency(fields["agency_id"]).id
    refused(send(world.client("helen"), f"/unit/slots/{slot.id}/{path}", **fields), words)
    assert told(world, "invited_to_meeting") == told(world, "report_asked") == []


def test_the_search_is_posted_and_finds_by_name(world: World) -> None:
    case_of(world)
    case_of(world, "NM/2026/015", "Somebody Else")
    client = world.client("helen")
    found = text_of(send(client, "/unit/cases/", find="quillf"))
    assert NAME in found
    assert "Somebody Else" not in found
    assert "No case has this name" in text_of(send(client, "/unit/cases/", find="<nobody>"))
    assert "Somebody Else" in text_of(client.get("/unit/cases/?find=quillf"))
    assert len(lines(world.house, world.area.id, Deed.NAMES_READ)) == 1


def test_pages_with_names_are_marked_and_kept_by_nobody(world: World) -> None:
    slot = slot_of(world)
    client = world.client("helen")
    for path in paths(world, slot):
        answer = client.get(path)
        body = answer.get_data(as_text=True)
        assert answer.headers["Cache-Control"] == "no-store", path
        assert NAME not in re.sub(r"<main.*?</main>", "", body, flags=re.DOTALL), path
        assert "OFFICIAL-SENSITIVE" in body or "/people" in path or "/agencies" in path, path


def test_every_page_is_html5(world: World) -> None:
    slot = full_slot(world)
    client = world.client("helen")
    for path in paths(world, slot):
        html5lib.HTMLParser(strict=True).parse(client.get(path).get_data(as_text=True))
    answer = send(client, "/unit/cases/new", **case_fields(world, born=["1", "1", "1"]))
    html5lib.HTMLParser(strict=True).parse(answer.get_data(as_text=True))


def test_what_was_typed_before_a_sign_out_is_back(world: World) -> None:
    client = world.client("helen")
    crumb = re.search(
        r'name="csrf_token" value="([^"]+)"', client.get("/unit/cases/new").get_data(as_text=True)
    )
    assert crumb is not None
    fields = {"csrf_token": crumb[1], **case_fields(world)}
    world.clock.advance(timedelta(hours=9))
    assert client.post("/unit/cases/new", data=fields).status_code == 302
    again = world.client("helen")
    body = again.get("/unit/cases/new").get_data(as_text=True)
    assert NAME in body
    assert 'value="1984"' in body


def full_slot(world: World) -> Slot:
    """A slot with invitees of every state, a request, and a case about a child."""
    slot = slot_of(world)
    for name in ("carys", "una", "newcomer", "adeyemi", "alan"):
        capacity = Capacity.CHAIR if name == "alan" else Capacity.SPECIALIST
        invite_to_slot(
            world.house, world.who("helen"), slot.id, world.person(name).id, capacity, "Needed"
        )
    return slot


def with_host(app: Any, host: str) -> Callable[[dict[str, Any], Any], Iterable[bytes]]:
    """The application as its one configured host, on whatever port the test got."""

    def serve_it(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        found: Iterable[bytes] = app(environ | {"HTTP_HOST": host}, start)
        return found

    return serve_it


def test_every_page_is_readable_to_everybody(
    world: World,
    serve: Callable[[Any], str],
    open_page: Callable[..., Page],
    axe: Callable[[Page], None],
) -> None:
    slot = full_slot(world)
    meeting_of(world, case_of(world, "NM/2026/015", "Somebody Else"))
    base = serve(with_host(world.app, world.settings.host))
    page = open_page(base_url=base)
    value = encode(world.begin("helen"))
    page.context.add_cookies([{"name": "portal", "value": value, "url": base}])
    for path in paths(world, slot):
        page.goto(path)
        assert page.locator("h1").count() == 1
        axe(page)
