"""What was typed before a session ended comes back to its writer, and to nobody else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask, request
from govuk_frontend_wtf.wtforms_widgets import GovTextArea
from wtforms import StringField, TextAreaField

from portal import create_app
from portal.policy.actions import Action
from portal.web.door import DOORS, Door, page
from portal.web.forms import CodeField, PassphraseField, PortalForm
from portal.web.leaving import go
from tests.web.browsing import send, sign_in, text_of, token
from tests.world import World

CANARY = "the flat above the chemist"


class Note(PortalForm):
    why = TextAreaField("Why", widget=GovTextArea())
    who = StringField("Who")
    code = CodeField(validators=[])
    passphrase = PassphraseField("Passphrase", "x")


door = Door("notes_in_tests", __name__)


@door.get("/note", action=Action.OWN_ACCOUNT_READ)
def note() -> str:
    form = Note.at(request)
    return page("errors/403.html", words=f"why={form.why.data} code={form.code.data}")


@door.post("/note", action=Action.OWN_ACCOUNT_READ)
def note_post():  # type: ignore[no-untyped-def]
    return go("/note") if Note.at(request).why.data else page("errors/403.html", words="empty")


@door.post("/note/send", action=Action.OWN_ACCOUNT_READ)
def note_send():  # type: ignore[no-untyped-def]
    return go("/note")


@pytest.fixture
def noted(world: World) -> Iterator[World]:
    """A world whose application has one more form."""
    app: Flask = create_app(world.wiring)
    app.register_blueprint(door)
    world._app = app
    yield world
    for endpoint in [name for name in DOORS if name.startswith("notes_in_tests.")]:
        assert DOORS[endpoint] is Action.OWN_ACCOUNT_READ


FIELDS = {"why": CANARY, "who": "ruth", "code": "123456", "passphrase": "my own secret phrase"}


def test_a_late_form_comes_back_after_signing_in_again(noted: World) -> None:
    client = sign_in(noted, "ruth")
    crumb = token(client, "/account/")
    noted.clock.advance(timedelta(minutes=31))
    late = client.post("/note", data={"csrf_token": crumb, **FIELDS})
    assert late.headers["Location"] == "/locked?next=/note"
    sign_in(noted, "ruth", client)
    page = client.get("/note")
    assert CANARY in text_of(page)
    assert "We kept what you typed" in text_of(page)
    assert "123456" not in page.text
    assert "my own secret phrase" not in page.text


def test_it_comes_back_after_signing_out_in_another_tab(noted: World) -> None:
    client = sign_in(noted, "ruth")
    crumb = token(client, "/account/")
    send(client, "/sign-out", form="/account/")
    late = client.post("/note", data={"csrf_token": crumb, **FIELDS})
    assert late.status_code == 302
    sign_in(noted, "ruth", client)
    assert CANARY in text_of(client.get("/note"))


def test_it_is_kept_when_the_token_is_from_before_signing_in_again(noted: World) -> None:
    client = sign_in(noted, "ruth")
    answer = client.post("/note", data={"csrf_token": "from before", **FIELDS})
    assert answer.status_code == 400
    assert "We kept what you typed" in text_of(answer)
    assert CANARY in text_of(client.get("/note"))


def test_another_person_at_the_same_computer_does_not_see_it(noted: World) -> None:
    client = sign_in(noted, "ruth")
    fields = {"csrf_token": token(client, "/account/"), **FIELDS}
    send(client, "/sign-out", form="/account/")
    client.post("/note", data=fields)
    sign_in(noted, "joe", client)
    assert CANARY not in client.get("/note").text


def test_it_goes_when_the_form_went_through(noted: World) -> None:
    client = sign_in(noted, "ruth")
    client.post("/note", data={"csrf_token": "old", **FIELDS})
    assert CANARY in client.get("/note").text
    assert send(client, "/note", form="/account/", **FIELDS).status_code == 303
    assert CANARY not in client.get("/note").text


def test_it_is_sealed_where_it_lies_and_gone_after_a_day(noted: World) -> None:
    client = sign_in(noted, "ruth")
    client.post("/note", data={"csrf_token": "old", **FIELDS})
    noted.house.engine.dispose()
    raw = (noted.folder / "portal.db").read_bytes()
    assert CANARY.encode() not in raw
    noted.clock.advance(timedelta(hours=24))
    assert CANARY not in noted.client("ruth").get("/note").text


def test_a_form_that_is_sent_elsewhere_comes_back_on_its_own_page(noted: World) -> None:
    client = sign_in(noted, "ruth")
    fields = {"csrf_token": token(client, "/account/"), **FIELDS}
    noted.clock.advance(timedelta(minutes=31))
    from_page = {"Referer": "http://localhost/note"}
    late = client.post("/note/send", data=fields, headers=from_page)
    assert late.headers["Location"] == "/locked?next=/note"
    sign_in(noted, "ruth", client)
    assert CANARY in client.get("/note").text
    crumb = token(client, "/account/")
    client.post("/note/send", data={"csrf_token": crumb, **FIELDS}, headers=from_page)
    assert CANARY not in client.get("/note").text


@pytest.mark.parametrize("page", ["http://evil.example/note", "http://localhost/nothing", ""])
def test_where_a_form_came_from_is_believed_only_of_our_own_pages(noted: World, page: str) -> None:
    client = noted.client()
    late = client.post("/note/send", data=FIELDS, headers={"Referer": page})
    assert late.headers["Location"] == "/sign-in?next=/"


def test_an_outsider_s_form_is_not_kept(noted: World) -> None:
    client = noted.client()
    assert client.post("/note", data=FIELDS).status_code == 302
    with noted.house.engine.begin() as db:
        assert db.exec_driver_sql("SELECT count(*) FROM drafts").scalar_one() == 0


def test_an_enormous_form_is_not_kept(noted: World) -> None:
    client = sign_in(noted, "ruth")
    client.post("/note", data={"csrf_token": "old", "why": "x" * 100_000})
    with noted.house.engine.begin() as db:
        assert db.exec_driver_sql("SELECT count(*) FROM drafts").scalar_one() == 0
