"""Deciding in the browser: what pages say, keep, and refuse."""

from __future__ import annotations

import io
from datetime import timedelta
from html import unescape

import pytest
from pypdf import PdfReader

from portal.domain.deeds import Deed
from portal.domain.disclosures import DisclosureState
from portal.journeys.agencies.remove_person import remove_person
from tests.browsing import post, words_of
from tests.disclosure.browsing import (
    APPROVE,
    REFUSE,
    WEIGHED,
    browser,
    decide,
    digest_on,
    state,
    unit,
)
from tests.disclosure.scene import (
    APPROVAL,
    CANARY,
    NEED,
    PURPOSE,
    REFUSAL,
    Scene,
    lines,
    stage,
)
from tests.documents.test_still_universal import claims
from tests.web.browsing import token
from tests.world import World

# ---- the list and the request ----


def test_the_list_says_how_long_each_waits(scene: Scene) -> None:
    scene.ask()
    scene.ask(receiver="tom")
    scene.world.clock.advance(timedelta(days=3))
    page = words_of(browser(scene, "tom").get("/unit/disclosures/"))
    assert page.count("Waits 3 days") == 2
    assert page.count("This is for you: another coordinator decides") == 1
    assert CANARY not in page


def test_ones_own_request_is_marked_and_cannot_be_decided(world: World) -> None:
    scene = stage(world, ("carys", "tom"))
    asked, for_tom = scene.ask("tom"), scene.ask(receiver="tom")
    client = browser(scene, "tom")
    page = words_of(client.get("/unit/disclosures/"))
    assert "You asked for this: another coordinator decides" in page
    assert "This is for you: another coordinator decides" in page
    for each in (asked, for_tom):
        shown = client.get(unit(each))
        assert "Another coordinator must decide it." in words_of(shown)
        assert "/approve" not in shown.get_data(as_text=True)
        for page in ("/approve", "/refuse"):
            assert client.get(unit(each, page)).headers["Location"] == unit(each)
            fields = {**APPROVE, **REFUSE, "digest": scene.digest(each.id)}
            code = scene.world.code("tom")
            assert post(client, unit(each, page), {**fields, "code": code}).status_code == 403
        assert state(scene, each) is DisclosureState.ASKED


def test_the_request_stands_beside_the_test(scene: Scene) -> None:
    asked = scene.ask(receiver="una")
    page = browser(scene, "helen").get(unit(asked))
    text = words_of(page)
    for said in (
        PURPOSE, NEED, "Carys Bevan, Northmere Police", "Una Berg, Housing manager",
        "What does HMP Elmsworth say, which owns it?", "no coordinator has confirmed their key",
        "OFFICIAL-SENSITIVE", "Case NM/2026/014",
    ):  # fmt: skip
        assert said in text
    assert "Daniel" not in text
    assert page.headers["Cache-Control"] == "no-store"
    assert len(lines(scene.world, Deed.DISCLOSURE_READ)) == 1


@pytest.mark.parametrize("name", ["priya", "alan", "carys", "joe", "sian", "dev"])
@pytest.mark.parametrize("page", ["", "/approve", "/refuse", "/record"])
def test_the_pages_of_deciders_are_for_deciders(scene: Scene, name: str, page: str) -> None:
    asked = scene.ask()
    assert browser(scene, name).get(unit(asked, page)).status_code == 403
    assert lines(scene.world, Deed.DISCLOSURE_READ) == []


@pytest.mark.parametrize("page", ["", "/approve", "/refuse", "/record"])
def test_a_request_that_is_not_there(scene: Scene, page: str) -> None:
    assert browser(scene, "helen").get(f"/unit/disclosures/{'a' * 26}{page}").status_code == 404


# ---- deciding ----


def test_approval_from_the_list_to_the_receivers_page(scene: Scene) -> None:
    asked = scene.ask()
    helen = browser(scene, "helen")
    assert unit(asked) in helen.get("/unit/disclosures/").get_data(as_text=True)
    assert unit(asked, "/approve") in helen.get(unit(asked)).get_data(as_text=True)
    done = decide(scene, helen, unit(asked, "/approve"))
    assert (done.status_code, done.headers["Location"]) == (302, unit(asked))
    page = helen.get(unit(asked))
    assert "Approved" in words_of(page)
    assert "DA/2026/001" in words_of(page)
    found = scene.grant_of("joe")
    assert f"/unit/sendings/{found.sending_id}" in page.get_data(as_text=True)
    authority = post(helen, unit(asked, "/decision"))
    assert claims(authority.data)
    assert authority.headers["Content-Disposition"] == 'attachment; filename="DA-2026-001.pdf"'
    carys = browser(scene, "carys")
    own = words_of(carys.get(f"/requests/{asked.id}"))
    assert "Written authority DA/2026/001" in own
    assert WEIGHED["necessity"] not in own
    copy = post(carys, f"/requests/{asked.id}/decision").data
    assert claims(copy)
    assert "DA/2026/001" in PdfReader(io.BytesIO(copy)).pages[0].extract_text()
    scene.accept("joe")
    joe = browser(scene, "joe")
    assert joe.get(f"/papers/{found.id}").status_code == 200
    assert post(joe, f"/papers/{found.id}/open").data.startswith(b"%PDF-")
    assert joe.get(f"/requests/{asked.id}").status_code == 404


def test_refusal_shows_the_reply_and_not_the_reasons(scene: Scene) -> None:
    asked = scene.ask()
    tom = browser(scene, "tom")
    form = words_of(tom.get(unit(asked, "/refuse")))
    assert "I have considered this and cannot give authority." in form
    done = decide(scene, tom, unit(asked, "/refuse"), "tom")
    assert done.headers["Location"] == unit(asked)
    carys = browser(scene, "carys")
    own = words_of(carys.get(f"/requests/{asked.id}"))
    assert "Refused" in own
    assert f"You may ask the prison about {CANARY} yourselves." in own
    assert WEIGHED["necessity"] not in own
    assert claims(post(carys, f"/requests/{asked.id}/decision").data)


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("least", "", "Choose the least that serves."),
        ("least", "everything", "Not a valid choice."),
        ("least", "summary", "No executive summary of this meeting is approved yet."),
        ("basis", "", "Choose the lawful basis."),
        ("necessity", "n/a", "Write at least 20 characters."),
        ("proportionality", " " * 50, "Write at least 20 characters."),
        ("risks_of_disclosing", "", "Say what could happen if it is passed on."),
        ("risks_of_withholding", "", "Say what could happen if it is not passed on."),
        ("risks_of_withholding", WEIGHED["necessity"], "This needs its own text."),
        ("consulted", "", "Record the view of the agency that owns it."),
        ("days", "", "Enter a number of days from 1 to 84."),
        ("days", "0", "Enter a number of days from 1 to 84."),
        ("days", "85", "Enter a number of days from 1 to 84."),
        ("days", "-3", "Enter a number of days from 1 to 84."),
        ("days", "1e1", "Enter a number of days from 1 to 84."),
        ("days", "٣", "Enter a number of days from 1 to 84."),
        ("code", "000000", "That code is not right."),
    ],
)
def test_every_error_of_an_approval_keeps_what_was_typed(
    scene: Scene, field: str, typed: str, words: str
) -> None:
    asked = scene.ask()
    answer = decide(scene, browser(scene, "helen"), unit(asked, "/approve"), **{field: typed})
    assert answer.status_code == 200
    assert words in words_of(answer)
    page = unescape(answer.get_data(as_text=True))
    assert "There is a problem" in page
    for name in {*WEIGHED, "consulted"} - {field}:
        assert APPROVE[name] in page
    assert state(scene, asked) is DisclosureState.ASKED


@pytest.mark.parametrize("field", [*WEIGHED, "reply"])
def test_every_error_of_a_refusal_keeps_what_was_typed(scene: Scene, field: str) -> None:
    asked = scene.ask()
    answer = decide(scene, browser(scene, "helen"), unit(asked, "/refuse"), **{field: "no"})
    assert answer.status_code == 200
    assert "Write at least 20 characters." in words_of(answer)
    page = unescape(answer.get_data(as_text=True))
    for name in {*WEIGHED} - {field}:
        assert REFUSE[name] in page
    assert state(scene, asked) is DisclosureState.ASKED


def test_all_that_is_missing_is_said_at_once(scene: Scene) -> None:
    asked = scene.ask(paper=scene.health_report)
    answer = post(browser(scene, "helen"), unit(asked, "/approve"), {})
    text = words_of(answer)
    for words in (
        "Choose the least that serves.", "Choose the lawful basis.", "Record the view of",
        "Say why the public interest overrides.", "Enter a number of days", "Enter a code",
    ):  # fmt: skip
        assert words in text


@pytest.mark.parametrize("page", ["/approve", "/refuse"])
def test_every_answer_that_repeats_another_is_named_with_what_else_is_wrong(
    scene: Scene, page: str
) -> None:
    asked = scene.ask()
    same = dict.fromkeys(WEIGHED, WEIGHED["necessity"])
    answer = decide(
        scene, browser(scene, "helen"), unit(asked, page), **same, days="0", reply="No."
    )
    summary = words_of(answer).partition("There is a problem")[2].partition("Necessity")[0]
    assert summary.count("This needs its own text. It repeats another answer.") == 3
    wrong = "Enter a number of days" if page == "/approve" else "Write at least 20 characters."
    assert wrong in summary


def test_a_code_is_never_shown_again(scene: Scene) -> None:
    asked = scene.ask()
    code = scene.world.code("helen")
    answer = decide(scene, browser(scene, "helen"), unit(asked, "/approve"), days="", code=code)
    assert code not in answer.get_data(as_text=True)


def test_an_edit_meanwhile_is_said_and_keeps_what_was_typed(scene: Scene) -> None:
    asked = scene.ask()
    world, helen = scene.world, browser(scene, "helen")
    digest = digest_on(helen.get(unit(asked, "/approve")))
    remove_person(world.house, world.who("tom"), world.person("joe").id)
    fields = {**APPROVE, "digest": digest, "code": world.code("helen")}
    answer = post(helen, unit(asked, "/approve"), fields)
    assert answer.status_code == 200
    assert "Something changed while you were looking at this page" in words_of(answer)
    assert WEIGHED["necessity"] in words_of(answer)
    assert digest_on(answer) != digest
    again = post(
        helen,
        unit(asked, "/approve"),
        {**APPROVE, "digest": digest_on(answer), "code": world.code("helen")},
    )
    assert "This person has left their agency. This request can only be refused." in words_of(again)
    assert state(scene, asked) is DisclosureState.ASKED


@pytest.mark.parametrize("page", ["/approve", "/refuse"])
def test_a_decided_request_is_decided(scene: Scene, page: str) -> None:
    asked = scene.ask()
    helen = browser(scene, "helen")
    digest = digest_on(helen.get(unit(asked, page)))
    scene.decide(asked.id, REFUSAL, by="tom")
    fields = {**APPROVE, **REFUSE, "digest": digest, "code": scene.world.code("helen")}
    answer = post(helen, unit(asked, page), fields)
    assert answer.status_code == 403
    assert "This was decided already." in words_of(answer)
    assert helen.get(unit(asked, page)).headers["Location"] == unit(asked)


@pytest.mark.parametrize("page", ["/approve", "/refuse", "/decision"])
def test_without_its_token_no_form_does_anything(scene: Scene, page: str) -> None:
    asked = scene.ask()
    fields = {**APPROVE, **REFUSE, "digest": scene.digest(asked.id)}
    code = scene.world.code("helen")
    answer = browser(scene, "helen").post(unit(asked, page), data={**fields, "code": code})
    assert answer.status_code == 400
    assert state(scene, asked) is DisclosureState.ASKED


def test_rule_77_the_record_holds_everything(scene: Scene) -> None:
    asked = scene.ask()
    helen = browser(scene, "helen")
    assert helen.get(unit(asked, "/record")).headers["Location"] == unit(asked)
    scene.decide(asked.id)
    text = words_of(helen.get(unit(asked, "/record")))
    for said in (
        *WEIGHED.values(), PURPOSE, NEED, APPROVAL.consulted, "DA/2026/001", "Helen Marsh",
        "Crime and Disorder Act 1998, section 115", "Only this paper serves", "14 days",
        "It must not be copied.",
    ):  # fmt: skip
        assert said in text


def test_what_was_typed_survives_a_sign_out(scene: Scene) -> None:
    asked = scene.ask()
    world = scene.world
    secret = world.begin("helen")
    client = world.client()
    world.give_cookie(client, secret)
    digest = digest_on(client.get(unit(asked, "/approve")))
    ours = token(client, unit(asked, "/approve"))
    world.clock.advance(timedelta(hours=1))
    fields = {**APPROVE, "csrf_token": ours, "digest": digest, "code": "123456"}
    late = client.post(unit(asked, "/approve"), data=fields)
    assert late.status_code == 302
    world.give_cookie(client, world.begin("helen"))
    back = client.get(unit(asked, "/approve"))
    for name in WEIGHED:
        assert WEIGHED[name] in unescape(back.get_data(as_text=True))
    assert "We kept what you typed." in words_of(back)
    assert state(scene, asked) is DisclosureState.ASKED
