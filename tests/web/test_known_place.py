"""Whoever always says that others use the computer is judged, where they have signed in before, by
a counter of their own: floods of strangers, from there or elsewhere, do not keep them out."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.identity.known_device import LIFETIME
from portal.identity.throttle import CONSECUTIVE_LIMIT
from portal.journeys.signing_in.attempting import PURPOSE
from portal.journeys.signing_in.throttling import Source, charge
from portal.records import factors
from portal.records.database import reading
from tests.web.browsing import send
from tests.world import World, cast

HERE = "127.0.0.1"


def signed_in(world: World, **given: str) -> FlaskClient:
    client, ruth = world.client(), cast()["ruth"]
    assert send(client, "/sign-in", email=ruth.email, passphrase=ruth.passphrase).status_code == 303
    done = send(client, "/sign-in/code", code=world.code("ruth"), **given)
    assert done.status_code == 303
    return client


def comes(world: World, at: str = HERE) -> TestResponse:
    ruth, client = cast()["ruth"], world.client()
    client.environ_base["REMOTE_ADDR"] = at
    return send(client, "/sign-in", email=ruth.email, passphrase=ruth.passphrase)


def fails(world: World, email: str, address: str, times: int) -> None:
    for _ in range(times):
        charge(world.house, PURPOSE, email, None, Source(address))
        world.clock.advance(timedelta(seconds=61))


def gateway_is_full(world: World) -> None:
    for number in range(60):
        charge(world.house, PURPOSE, f"x{number}@a.example", None, Source(HERE))


def test_a_gateway_that_has_failed_too_often_lets_them_in(world: World) -> None:
    signed_in(world, shared="y")
    gateway_is_full(world)
    assert comes(world).status_code == 303


def test_without_having_been_there_it_does_not(world: World) -> None:
    gateway_is_full(world)
    assert comes(world).status_code == 200


def test_nor_on_a_computer_of_their_own_for_there_the_browser_is_known(world: World) -> None:
    signed_in(world)
    gateway_is_full(world)
    assert comes(world).status_code == 200


def test_nor_somebody_else_in_the_same_network(world: World) -> None:
    signed_in(world, shared="y")
    gateway_is_full(world)
    tom, client = cast()["tom"], world.client()
    assert send(client, "/sign-in", email=tom.email, passphrase=tom.passphrase).status_code == 200


def test_nor_from_another_network(world: World) -> None:
    signed_in(world, shared="y")
    for number in range(60):
        charge(world.house, PURPOSE, f"x{number}@a.example", None, Source("203.0.113.9"))
    assert comes(world, "203.0.113.9").status_code == 200


def test_a_hundred_failures_of_strangers_elsewhere_do_not_keep_them_out(world: World) -> None:
    signed_in(world, shared="y")
    for number in range(CONSECUTIVE_LIMIT):
        fails(world, cast()["ruth"].email, f"203.0.{number}.9", 1)
    assert comes(world, "198.51.100.1").status_code == 200
    assert comes(world).status_code == 303


def test_guessing_from_that_network_waits_and_comes_to_its_end(world: World) -> None:
    signed_in(world, shared="y")
    ruth = world.person("ruth")
    made = 0
    for _ in range(3 * CONSECUTIVE_LIMIT):
        made += charge(world.house, "p", ruth.email, ruth.account_id, Source(HERE)).wait is None
        world.clock.advance(timedelta(hours=1))
    assert made <= 2 * CONSECUTIVE_LIMIT


def test_only_a_keyed_hash_is_kept_and_not_for_ever(world: World) -> None:
    signed_in(world, shared="y")
    with reading(world.house.engine) as db:
        rows = db.execute(factors.devices.select()).mappings().all()
    (row,) = [each for each in rows if each["person_id"] == world.person("ruth").account_id]
    assert HERE.encode() not in row["token_hash"]
    world.clock.advance(LIFETIME)
    gateway_is_full(world)
    assert comes(world).status_code == 200


@pytest.mark.parametrize("given", [{"shared": "y"}, {}])
def test_a_wrong_code_makes_no_place_known(world: World, given: dict[str, str]) -> None:
    client, ruth = world.client(), cast()["ruth"]
    send(client, "/sign-in", email=ruth.email, passphrase=ruth.passphrase)
    assert send(client, "/sign-in/code", code="000000", **given).status_code == 200
    gateway_is_full(world)
    assert comes(world).status_code == 200
