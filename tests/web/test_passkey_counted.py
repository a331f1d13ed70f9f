"""A passkey that is touched on a known browser is judged by that browser's counter alone."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.records.factors import throttle
from tests.web.browsing import send, sign_in, text_of
from tests.web.computers import Passkey
from tests.world import World, cast


def counted(world: World) -> set[str]:
    """The kinds of counters there are."""
    with world.house.engine.connect() as db:
        return {str(key).partition(":")[0] for key in db.scalars(select(throttle.c.key))}


def fails(client: FlaskClient) -> str:
    return text_of(send(client, "/sign-in/passkey", form="/sign-in", answer="{}", prf=""))


def comes_in(client: FlaskClient, key: Passkey) -> int:
    answers = key.answers(client, "/sign-in")
    return send(client, "/sign-in/passkey", form="/sign-in", **answers).status_code


def test_a_known_browser_is_not_charged_to_address_or_everyone(world: World) -> None:
    client = sign_in(world, "ruth")
    send(client, "/sign-out", form="/account/")
    before = counted(world)
    assert "did not sign you in" in fails(client)
    assert counted(world) - before == {"device"}


def test_a_flood_of_strangers_does_not_keep_a_known_browser_out(world: World) -> None:
    key, client = Passkey(world, "ruth"), sign_in(world, "ruth")
    send(client, "/sign-out", form="/account/")
    stranger = world.client()
    said = [fails(stranger) for _ in range(60)]
    assert "Too many tries" in said[-1]
    assert comes_in(client, key) == 303


def test_a_success_gives_back_what_it_was_charged_and_no_more(world: World) -> None:
    key, client = Passkey(world, "ruth"), sign_in(world, "ruth")
    send(client, "/sign-out", form="/account/")
    stranger = world.client()
    for _ in range(3):
        fails(stranger)
    before = rows(world)
    assert comes_in(client, key) == 303
    assert rows(world) == before


def test_whoever_named_nobody_keeps_no_address_out_for_good(world: World) -> None:
    """Many people share an office's address: no counter of one account is charged with it."""
    fails(world.client())
    assert counted(world) == {"address", "everyone"}


def rows(world: World) -> set[tuple[str, int]]:
    with world.house.engine.connect() as db:
        found = db.execute(select(throttle.c.key, throttle.c.failures)).all()
    return {(str(key), int(failures)) for key, failures in found}


def failing(world: World) -> set[tuple[str, int]]:
    """What a stranger's three tries with a passphrase are counted under, at the address and all."""
    stranger, before = world.client(), rows(world)
    for _ in range(3):
        send(stranger, "/sign-in", email="nobody@northmere.example", passphrase="wrong")
    around = {each for each in rows(world) - before if each[0].startswith(("address", "everyone"))}
    assert len(around) == 2
    return around


@pytest.mark.parametrize("known", [True, False])
def test_a_passkey_of_ones_own_buys_no_tries_with_a_passphrase(world: World, known: bool) -> None:
    key = Passkey(world, "ruth")
    client = sign_in(world, "ruth") if known else world.client()
    if known:
        send(client, "/sign-out", form="/account/")
    around = failing(world)
    assert comes_in(client, key) == 303
    assert around <= rows(world)


def test_a_browser_that_forgets_itself_before_the_code_buys_none(world: World) -> None:
    client, mine = sign_in(world, "ruth"), cast()["ruth"]
    send(client, "/sign-out", form="/account/")
    around = failing(world)
    send(client, "/sign-in", email=mine.email, passphrase=mine.passphrase)
    client.delete_cookie("device", domain="localhost", path="/")
    assert send(client, "/sign-in/code", code=world.code("ruth")).status_code == 303
    assert around <= rows(world)


@pytest.mark.parametrize("done", [True, False])
def test_a_passphrase_that_is_right_costs_the_address_nothing(world: World, done: bool) -> None:
    """Whether a code follows or not; without one it counts as a failure of the account."""
    around = failing(world)
    client, mine, before = world.client(), cast()["ruth"], rows(world)
    send(client, "/sign-in", email=mine.email, passphrase=mine.passphrase)
    assert {key.partition(":")[0] for key, _ in rows(world) - before} == {"source", "account"}
    if done:
        assert send(client, "/sign-in/code", code=world.code("ruth")).status_code == 303
        assert rows(world) == before
    assert around <= rows(world)
