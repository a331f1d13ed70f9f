"""What looks like an attack is told to its victim and to their unit: few letters, and no oracle."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from portal.identity.throttle import ALERTS
from portal.journeys.signing_in.alerting import tell_of_sign_ons
from portal.journeys.signing_in.attempting import NotRight
from portal.journeys.signing_in.second_factor import CodeRefused
from portal.journeys.signing_in.sign_in import give_code, give_passphrase
from portal.journeys.signing_in.throttling import Source
from portal.records import outbox
from portal.records.database import reading
from tests.journeys.planning import told
from tests.journeys.test_sign_in import half_of
from tests.web.browsing import send, text_of
from tests.world import World, cast

WRONG = "wrong wrong wrong wrong"


def guess(world: World, name: str, times: int, first: int = 0, network: str = "192.0.2") -> None:
    """So many wrong passphrases for one person, each from an address of its own."""
    for last in range(first, first + times):
        email = cast()[name].email if name in cast() else f"{name}@northmere.example"
        with pytest.raises(NotRight):
            give_passphrase(world.house, email, WRONG, Source(f"{network}.{last % 250}"))
        world.clock.advance(timedelta(minutes=1))


def letters(world: World) -> int:
    with reading(world.house.engine) as db:
        return db.execute(select(func.count()).select_from(outbox.outbox)).scalar_one()


def test_many_tries_at_one_person_are_told_to_them_and_to_the_unit_once(world: World) -> None:
    guess(world, "ruth", 20)
    assert told(world, "attempts_seen") == told(world, "account_tried") == []
    guess(world, "ruth", 10, 20)
    (own,), (unit,) = told(world, "attempts_seen"), told(world, "account_tried")
    assert own.address == cast()["ruth"].email
    assert unit.address == world.area.unit_email
    path = f"/unit/people/{world.person('ruth').id}/roles"
    assert unit.fields == {"area": world.area.name, "path": path}
    # The page that the letter leads to says who it is, to those who may know it.
    assert "Ruth Okell" in text_of(world.client("helen").get(path))
    for outside in ("carys", "sian"):
        assert "Ruth Okell" not in text_of(world.client(outside).get(path))


def test_nobody_is_told_of_tries_at_nobody(world: World) -> None:
    before = letters(world)
    guess(world, "nobody-of-this-name", 40)
    guess(world, "newcomer", 0)
    assert letters(world) == before


def test_wrong_codes_after_the_right_passphrase_are_told_apart(world: World) -> None:
    half = half_of(world)
    for _ in range(5):
        with pytest.raises(CodeRefused):
            give_code(world.house, half, "000000", Source("192.0.2.1"), shared=False)
    assert told(world, "codes_tried") == []
    for _ in range(3):
        with pytest.raises(CodeRefused):
            give_code(world.house, half, "000000", Source("192.0.2.1"), shared=False)
    (own,), (unit,) = told(world, "codes_tried"), told(world, "account_tried")
    assert (own.address, unit.address) == (cast()["ruth"].email, world.area.unit_email)
    assert told(world, "attempts_seen") == []


def test_a_code_that_is_mistyped_now_and_then_worries_nobody(world: World) -> None:
    for _ in range(3):
        client = world.client()
        mine = cast()["ruth"]
        send(client, "/sign-in", email=mine.email, passphrase=mine.passphrase)
        for _ in range(3):
            send(client, "/sign-in/code", code="000000")
        done = send(client, "/sign-in/code", code=world.code("ruth"))
        assert done.status_code == 303
    assert told(world, "codes_tried") == told(world, "account_tried") == []


def test_stuffing_from_one_address_is_told_to_the_unit_once_an_hour(world: World) -> None:
    for number in range(60):
        with pytest.raises(NotRight):
            give_passphrase(
                world.house, f"p{number}@northmere.example", WRONG, Source("198.51.100.1")
            )
    (only,) = told(world, "sign_ins_flooded")
    assert only.address == world.area.unit_email
    world.clock.advance(timedelta(hours=1, seconds=1))
    for number in range(60):
        with pytest.raises(NotRight):
            give_passphrase(
                world.house, f"p{number}@northmere.example", WRONG, Source("198.51.100.1")
            )
    assert len(told(world, "sign_ins_flooded")) == 2


def test_however_many_are_attacked_the_unit_gets_five_letters_an_hour(world: World) -> None:
    for _ in range(ALERTS + 4):
        tell_of_sign_ons(world.house, world.area.id, world.agency("police").id)
    assert len(told(world, "sign_ons_refused")) == ALERTS
    world.clock.advance(timedelta(hours=1, seconds=1))
    tell_of_sign_ons(world.house, world.area.id, world.agency("police").id)
    assert len(told(world, "sign_ons_refused")) == ALERTS + 1


def test_answers_are_the_same_before_and_after_somebody_was_told(world: World) -> None:
    said = set()
    for number in range(25):
        for email in (cast()["ruth"].email, "nobody@northmere.example"):
            client = world.client()
            answer = client.get("/sign-in")
            assert answer.status_code == 200
            with pytest.raises(NotRight) as refused:
                give_passphrase(world.house, email, WRONG, Source(f"203.0.113.{number}"))
            said.add(refused.value.words)
        world.clock.advance(timedelta(minutes=2))
    assert len(said) == 1
