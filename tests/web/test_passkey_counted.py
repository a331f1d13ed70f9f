"""A passkey that is touched on a known browser is judged by that browser's counter alone."""

from __future__ import annotations

from flask.testing import FlaskClient
from sqlalchemy import select

from portal.records.factors import throttle
from tests.web.browsing import send, sign_in, text_of
from tests.web.computers import Passkey
from tests.world import World


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
