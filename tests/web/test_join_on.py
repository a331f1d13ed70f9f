"""Joining saves at each step: whoever comes back by the link goes on where they stopped."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import mintotp
import pytest
from flask.testing import FlaskClient

from portal.crypto.keyring import new_keyring, seal_keyring
from portal.domain.people import Account
from portal.journeys.deed import tending
from portal.journeys.joining.resend_link import resend_link
from portal.journeys.running.sweep import sweep
from portal.journeys.signing_in import unlocking
from portal.records import keys
from portal.records.database import reading
from portal.records.keys import UnlockKind
from tests.web.browsing import send, text_of
from tests.web.test_account_join import (
    PASSPHRASE,
    app_secret,
    begin,
    choose,
    finish,
    groups,
    set_app,
)
from tests.world import World, cast

OTHER = "gravel violin mostly lantern oxbow harbour"


def back(world: World, link: str) -> FlaskClient:
    """Another browser, by the same link."""
    client = world.client()
    begin(world, client, link)
    assert client.get("/join/who").headers["Location"] == "/join/saved"
    return client


def typed(client: FlaskClient, passphrase: str = PASSPHRASE) -> str:
    answer = send(client, "/join/saved", passphrase=passphrase)
    return answer.headers.get("Location", text_of(answer))


def step_of(client: FlaskClient) -> str:
    """To which step they are led."""
    at = "/join/next"
    for _ in range(4):
        answer = client.get(at)
        if answer.status_code == 200:
            return at
        at = answer.headers["Location"]
    raise AssertionError(at)


def with_app(world: World, link: str) -> str:
    """Somebody who has set their code app, and stopped; the app's secret."""
    client = world.client()
    begin(world, client, link)
    choose(client)
    secret = app_secret(client)
    set_app(world, client)
    return secret


def code(world: World, secret: str) -> str:
    world.clock.advance(timedelta(seconds=30))
    return mintotp.hotp(secret, int(world.clock.now().timestamp()) // 30)


def test_after_half_an_hour_idle_the_same_code_app_waits(world: World) -> None:
    client, link = world.client(), world.joining_token()
    begin(world, client, link)
    choose(client)
    secret = app_secret(client)
    world.clock.advance(timedelta(minutes=31))
    assert client.get("/join/code-app").headers["Location"] == "/join/again"
    assert "what you have done is kept" in text_of(client.get("/join/again"))
    client = back(world, link)
    assert typed(client) == "/join/next"
    assert step_of(client) == "/join/code-app"
    assert app_secret(client) == secret
    set_app(world, client)
    assert finish(client).headers["Location"] == "/join/done"
    assert world.person("newcomer").account is Account.ENROLLED


def test_a_card_that_was_printed_meanwhile_is_the_one_whose_code_is_asked_for(
    world: World,
) -> None:
    client, link = world.client(), world.joining_token()
    begin(world, client, link)
    choose(client)
    send(client, "/join/card/new", form="/join/card")
    printed = text_of(client.get("/join/card"))
    world.clock.advance(timedelta(minutes=31))
    client = back(world, link)
    typed(client)
    assert step_of(client) == "/join/card"
    assert text_of(client.get("/join/card")) == printed


def test_the_codes_written_down_before_a_break_are_still_the_ones(world: World) -> None:
    client, link = world.client(), world.joining_token()
    begin(world, client, link)
    choose(client)
    secret = app_secret(client)
    set_app(world, client)
    before = groups(client)
    world.clock.advance(timedelta(days=2))
    sweep(world.house)
    client = back(world, link)
    typed(client)
    assert step_of(client) == "/join/code"
    # No codes are shown, and nobody joins, before a code was given.
    assert client.get("/join/codes").headers["Location"] == "/join/code"
    assert "not right" in text_of(send(client, "/join/code", code="000000"))
    given = send(client, "/join/code", code=code(world, secret))
    assert given.headers["Location"] == "/join/codes"
    assert groups(client) == before
    assert finish(client).headers["Location"] == "/join/done"


def test_a_code_that_set_the_app_is_not_the_one_that_goes_on(world: World) -> None:
    client, link = world.client(), world.joining_token()
    begin(world, client, link)
    choose(client)
    spent = set_app(world, client)
    client = back(world, link)
    typed(client)
    assert "has been used" in text_of(send(client, "/join/code", code=spent))


def test_a_new_link_goes_on_with_what_was_saved_by_the_one_before(world: World) -> None:
    client = world.client()
    begin(world, client, world.joining_token())
    choose(client)
    secret = app_secret(client)
    world.clock.advance(timedelta(days=6))
    linked = resend_link(world.house, world.who("helen"), cast()["newcomer"].person_id)
    world.clock.advance(timedelta(days=6))
    sweep(world.house)
    client = back(world, linked.path.removeprefix("/join/"))
    typed(client)
    assert app_secret(client) == secret


def test_what_was_saved_goes_once_the_link_is_over(world: World) -> None:
    client = world.client()
    begin(world, client, world.joining_token())
    choose(client)
    world.clock.advance(timedelta(days=8))
    sweep(world.house)
    client = world.client()
    begin(world, client, world.joining_token())
    assert client.get("/join/who").status_code == 200
    assert client.get("/join/saved").headers["Location"] == "/join/who"


def test_whoever_forgot_it_begins_at_the_first_step_and_everything_is_new(world: World) -> None:
    link = world.joining_token()
    with_app(world, link)
    client = back(world, link)
    assert "?anew=1" in client.get("/join/saved").get_data(as_text=True)
    assert client.get("/join/who?anew=1").status_code == 200
    choose(client, OTHER)
    set_app(world, client)
    assert finish(client).headers["Location"] == "/join/done"
    half = send(world.client(), "/sign-in", email=cast()["newcomer"].email, passphrase=PASSPHRASE)
    assert half.status_code == 200


def test_a_wrong_passphrase_opens_nothing_and_is_slowed_down(world: World) -> None:
    link = world.joining_token()
    with_app(world, link)
    client = back(world, link)
    for _ in range(6):
        assert "not the passphrase you chose" in typed(client, "wrong wrong wrong wrong")
    assert "Too many tries. Wait" in typed(client)
    for path in ("/join/codes", "/join/code-app", "/join/code"):
        assert client.get(path).status_code == 302
        assert client.get(path).headers["Location"] != "/join/codes"
    # Following the link anew buys nothing.
    assert "Too many tries" in typed(back(world, link))
    world.clock.advance(timedelta(minutes=2))
    assert typed(back(world, link)) == "/join/next"


def test_whoever_begins_anew_is_not_made_to_wait_for_slips_at_the_old_one(world: World) -> None:
    link = world.joining_token()
    with_app(world, link)
    client = back(world, link)
    for _ in range(7):
        said = typed(client, "wrong wrong wrong wrong")
    assert "Too many tries. Wait" in said
    client.get("/join/who?anew=1")
    choose(client, OTHER)
    assert typed(back(world, link), OTHER) == "/join/next"


def test_tries_at_a_link_make_nobody_wait_who_signs_in(world: World) -> None:
    link = world.joining_token()
    with_app(world, link)
    client = back(world, link)
    for _ in range(7):
        typed(client, "wrong wrong wrong wrong")
    ruth = cast()["ruth"]
    answer = send(world.client(), "/sign-in", email=ruth.email, passphrase=ruth.passphrase)
    assert answer.status_code == 303


def test_right_and_wrong_cost_the_same_slow_work(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    link, steps = world.joining_token(), []
    with_app(world, link)
    real = unlocking.from_passphrase

    def counted(*given, **named):  # type: ignore[no-untyped-def]
        steps.append("from_passphrase")
        return real(*given, **named)

    monkeypatch.setattr(unlocking, "from_passphrase", counted)
    for passphrase in ("wrong wrong wrong wrong", PASSPHRASE):
        client = back(world, link)
        steps.clear()
        typed(client, passphrase)
        assert steps == ["from_passphrase"]


def test_the_passphrase_alone_without_the_link_leads_nowhere(world: World) -> None:
    link = world.joining_token()
    with_app(world, link)
    client = world.client()
    assert client.get("/join/saved").headers["Location"] == "/join/again"
    answer = send(client, "/sign-in", email=cast()["newcomer"].email, passphrase=PASSPHRASE)
    assert answer.status_code == 200
    world.clock.advance(timedelta(days=7))
    assert world.client().get(f"/join/{link}").status_code == 404


def test_a_keyring_put_there_by_somebody_with_the_database_is_not_gone_on_with(
    world: World,
) -> None:
    """Sealed to the passphrase of whoever joins, for its public half lies in the row."""
    link, person = world.joining_token(), cast()["newcomer"].person_id
    with_app(world, link)
    account = world.person("newcomer").account_id
    with tending(world.house) as db:
        ways = keys.unlocks_of(db, account)
        kept = keys.keyring_of(db, account)
        assert kept is not None
        theirs = seal_keyring(new_keyring(), [ways[UnlockKind.PASSPHRASE].recipient])
        keys.save_keyring(db, replace(kept, sealed=theirs))
    client = back(world, link)
    answer = send(client, "/join/saved", passphrase=PASSPHRASE)
    assert answer.status_code not in (200, 302, 303)
    assert client.get("/join/code").headers["Location"] == "/join/who"
    with reading(world.house.engine) as db:
        assert keys.public_key_of(db, world.area.id, person) is None


def test_nobody_goes_on_once_they_have_joined(world: World) -> None:
    link = world.joining_token()
    client = world.client()
    begin(world, client, link)
    choose(client)
    twin = back(world, link)
    assert client.get("/join/code-app").headers["Location"] == "/join/again"
    typed(twin)
    set_app(world, twin)
    finish(twin)
    assert world.client().get(f"/join/{link}").status_code == 404
    assert twin.get("/join/saved").headers["Location"] == "/join/again"
