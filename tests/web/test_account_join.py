"""Joining by a link, one step after the other and no other way."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import mintotp
import pytest
from flask.testing import FlaskClient
from sqlalchemy import URL

from portal.domain.people import Account
from portal.journeys.keys.directory import confirmed_keys
from portal.records import keys, outbox, sessions
from portal.records.database import reading
from tests.web.browsing import cookie, send, text_of, token
from tests.world import World, cast, world_on

PASSPHRASE = "heron copper ladder violet monsoon"


def begin(world: World, client: FlaskClient, link: str) -> None:
    answer = send(client, f"/join/{link}")
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/join/who"


def choose(client: FlaskClient, passphrase: str = PASSPHRASE) -> None:
    answer = send(client, "/join/passphrase", passphrase=passphrase)
    assert answer.headers.get("Location") == "/join/code-app", text_of(answer)


def app_secret(client: FlaskClient) -> str:
    found = re.search(r"((?:[A-Z2-7]{4} ){7}[A-Z2-7]{4})", text_of(client.get("/join/code-app")))
    assert found is not None
    return found[1].replace(" ", "")


def set_app(world: World, client: FlaskClient) -> str:
    secret = app_secret(client)
    code = mintotp.hotp(secret, int(world.clock.now().timestamp()) // 30)
    answer = send(client, "/join/code-app", code=code)
    assert answer.headers.get("Location") == "/join/codes", text_of(answer)
    return code


def groups(client: FlaskClient, path: str = "/join/codes") -> list[str]:
    body = client.get(path).get_data(as_text=True)
    return re.findall(r"<li>([0-9A-Z]{4})</li>", body)


def finish(client: FlaskClient):  # type: ignore[no-untyped-def]
    return send(client, "/join/codes", group=groups(client)[3].lower())


def test_a_newcomer_joins_reads_the_practice_paper_and_signs_in_again(world: World) -> None:
    client, link = world.client(), world.joining_token()
    assert "Northmere" in text_of(client.get(f"/join/{link}"))
    begin(world, client, link)
    assert "Nia Comer" in text_of(client.get("/join/who"))
    choose(client)
    code = set_app(world, client)
    assert len(groups(client)) == 9
    done = finish(client)
    assert done.headers["Location"] == "/join/done"
    said = text_of(client.get("/join/done"))
    assert "waits to be confirmed" in said
    paper = send(client, "/practice")
    assert paper.data.startswith(b"%PDF-")
    assert paper.headers["Content-Disposition"].startswith("attachment")
    assert world.person("newcomer").account is Account.ENROLLED
    again = world.client()
    half = send(again, "/sign-in", email=cast()["newcomer"].email, passphrase=PASSPHRASE)
    assert half.headers["Location"].startswith("/sign-in/code")
    # The code that set up the app is spent.
    assert "has been used" in text_of(send(again, "/sign-in/code", code=code))


@pytest.fixture
def postgres_world(postgres_url: URL, tmp_path: Path) -> Iterator[World]:
    made = world_on(postgres_url, tmp_path)
    yield made
    made.house.engine.dispose()


@pytest.mark.real("PostgreSQL")
def test_joining_works_on_postgresql_too(postgres_world: World) -> None:
    client = postgres_world.client()
    begin(postgres_world, client, postgres_world.joining_token())
    choose(client)
    set_app(postgres_world, client)
    assert finish(client).headers["Location"] == "/join/done"


def test_the_new_key_is_registered_and_receives_nothing(world: World) -> None:
    client = world.client()
    begin(world, client, world.joining_token())
    choose(client)
    set_app(world, client)
    finish(client)
    person = world.person("newcomer")
    with reading(world.house.engine) as db:
        assert keys.public_key_of(db, person.area_id, person.id) is not None
        assert person.id not in confirmed_keys(world.house, db, person.area_id)
        told = [notice.letter for notice in outbox.due(db, world.clock.now(), 200)]
    assert "key_waits" in told


def test_looking_at_the_link_spends_nothing(world: World) -> None:
    link = world.joining_token()
    for _ in range(3):
        assert world.client().get(f"/join/{link}").status_code == 200
    begin(world, world.client(), link)


@pytest.mark.parametrize("kind", ["unknown", "expired", "spent", "left"])
def test_a_link_that_does_not_work_says_the_same_whatever_the_reason(
    world: World, kind: str
) -> None:
    link = world.joining_token()
    if kind == "expired":
        world.clock.advance(timedelta(days=7))
    if kind == "spent":
        client = world.client()
        begin(world, client, link)
        choose(client)
        set_app(world, client)
        finish(client)
    if kind == "left":
        from portal.journeys.agencies.remove_person import remove_person

        remove_person(world.house, world.who("helen"), cast()["newcomer"].person_id)
    tried = link if kind != "unknown" else "A" * 43
    got = world.client().get(f"/join/{tried}")
    unknown = world.client().get("/join/nothing")
    assert got.status_code == unknown.status_code == 404
    assert text_of(got) == text_of(unknown)
    posted = world.client().post(f"/join/{tried}", data={"csrf_token": "x"})
    assert posted.status_code == 400


def test_following_the_link_again_ends_what_was_begun_before(world: World) -> None:
    link, first, second = world.joining_token(), world.client(), world.client()
    begin(world, first, link)
    choose(first)
    begin(world, second, link)
    assert first.get("/join/code-app").headers["Location"] == "/join/again"
    choose(second)


def test_a_newer_link_ends_joining_by_the_older(world: World) -> None:
    from portal.journeys.joining.resend_link import resend_link

    client = world.client()
    begin(world, client, world.joining_token())
    choose(client)
    resend_link(world.house, world.who("helen"), cast()["newcomer"].person_id)
    assert client.get("/join/code-app").headers["Location"] == "/join/again"


@pytest.mark.parametrize("path", ["/join/code-app", "/join/codes"])
def test_no_step_is_skipped(world: World, path: str) -> None:
    client = world.client()
    begin(world, client, world.joining_token())
    assert client.get(path).headers["Location"] == "/join/who"
    posted = send(client, path, form="/join/passphrase", code="000000", group="AAAA")
    assert posted.headers["Location"] == "/join/who"
    assert world.person("newcomer").account is Account.INVITED


def test_no_step_is_gone_back_to(world: World) -> None:
    client = world.client()
    begin(world, client, world.joining_token())
    choose(client)
    answer = send(client, "/join/passphrase", form="/join/code-app", passphrase=PASSPHRASE)
    assert answer.headers["Location"] == "/join/code-app"


def test_whoever_is_joining_reaches_nothing_else(world: World) -> None:
    client = world.client()
    begin(world, client, world.joining_token())
    choose(client)
    for path in ("/account/", "/practice", "/sign-in/code"):
        assert client.get(path).headers["Location"].startswith("/sign-in")


def test_each_step_has_a_new_cookie_and_the_old_one_is_dead(world: World) -> None:
    client, seen = world.client(), []
    begin(world, client, world.joining_token())
    seen.append(cookie(client))
    choose(client)
    seen.append(cookie(client))
    set_app(world, client)
    seen.append(cookie(client))
    finish(client)
    seen.append(cookie(client))
    assert len(set(seen)) == 4
    for old in seen[:3]:
        thief = world.client()
        thief.set_cookie("portal", old or "", domain="localhost", path="/")
        assert thief.get("/join/codes").headers["Location"] == "/join/again"
        assert thief.get("/account/").headers["Location"].startswith("/sign-in")


@pytest.mark.parametrize(
    "weak", ["short", "northmere health trust", "passwordpassword", "Nia Comer Nia Comer", " " * 20]
)
def test_a_weak_passphrase_is_refused_with_a_reason(world: World, weak: str) -> None:
    client = world.client()
    begin(world, client, world.joining_token())
    answer = send(client, "/join/passphrase", passphrase=weak, suggested="one two three four five")
    assert answer.status_code == 200
    assert "There is a problem" in text_of(answer)
    # What was offered is still offered: it may have been written down already.
    assert "one two three four five" in text_of(answer)


@pytest.mark.parametrize("group", ["ZZZZ", "", "!!!!"])
def test_the_recovery_code_has_to_have_been_written_down(world: World, group: str) -> None:
    client = world.client()
    begin(world, client, world.joining_token())
    choose(client)
    set_app(world, client)
    before = groups(client)
    answer = send(client, "/join/codes", group=group)
    assert "There is a problem" in text_of(answer)
    assert groups(client) == before
    assert world.person("newcomer").account is Account.INVITED


def test_a_wrong_first_code_changes_nothing(world: World) -> None:
    client = world.client()
    begin(world, client, world.joining_token())
    choose(client)
    secret = app_secret(client)
    answer = send(client, "/join/code-app", code="abcdef")
    assert "not right" in text_of(answer)
    assert app_secret(client) == secret


def test_of_two_last_steps_at_once_one_counts(world: World) -> None:
    client = world.client()
    begin(world, client, world.joining_token())
    choose(client)
    set_app(world, client)
    group, crumb = groups(client)[3], token(client, "/join/codes")
    both = threading.Barrier(2)
    places: list[str] = []

    def press() -> None:
        twin = world.client()
        for name in ("portal", "csrf"):
            twin.set_cookie(name, cookie(client, name) or "", domain="localhost", path="/")
        both.wait()
        answer = twin.post("/join/codes", data={"csrf_token": crumb, "group": group})
        places.append(answer.headers.get("Location", str(answer.status_code)))

    threads = [threading.Thread(target=press) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert places.count("/join/done") == 1
    with reading(world.house.engine) as db:
        living = [
            row
            for row in sessions.of_person(db, cast()["newcomer"].person_id)
            if row.stage is sessions.Stage.SIGNED_IN
        ]
    assert len(living) == 1
