"""Stuffing does not pass, and an outsider cannot make of what brakes it a lock for everybody."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal.identity.known_place import token_of
from portal.identity.throttle import FIRST_TRIES
from portal.identity.throttle_keys import Kind
from tests.identity.test_throttle import PEPPER, RUTH, SECOND, Door, place

HOME = "203.0.113.9"


def flooded(addresses: int = 100) -> Door:
    """The brake on everybody is on; each of these addresses has failed as often as it may first."""
    door = Door()
    for number in range(addresses * FIRST_TRIES):
        door.attempt(f"p{number}@example.org", place(number % addresses))
        door.now += SECOND
    assert door.attempt("p@example.org", place(0))
    return door


def test_a_script_that_takes_every_turn_does_not_keep_out_whoever_has_not_failed() -> None:
    door, lost = flooded(), 0
    for number in range(50):
        door.now += 5 * SECOND
        assert door.attempt(f"q{number}@example.org", place(number % 100))
        assert not door.attempt("r@example.org", place((number + 1) % 100))
        lost += door.wait(RUTH, HOME) != SECOND
        door.now += SECOND
        lost += door.wait(RUTH, HOME) is not None
        door.now -= SECOND
    assert lost == 0


def test_it_is_three_first_tries_and_then_the_turns_of_all() -> None:
    door = flooded()
    for number in range(FIRST_TRIES):
        door.now += SECOND
        assert door.attempt(f"s{number}@example.org", HOME)
    assert door.wait("s@example.org", HOME) == 2 * SECOND


@pytest.mark.parametrize("every", [1, 4, 5])
def test_ever_new_addresses_do_not_take_the_turns_of_an_office_that_has_failed(every: int) -> None:
    door = flooded()
    for number in range(FIRST_TRIES):
        door.now += SECOND
        assert door.attempt(f"s{number}@example.org", HOME)
    turns, begun = 0, door.now
    for number in range(200):
        door.now += every * SECOND
        door.attempt(f"q{number}@example.org", place(200 + number))
        turns += door.attempt(f"t{turns}@example.org", HOME)
    assert turns >= min(40, (door.now - begun) // (6 * SECOND))


def test_a_site_has_three_first_tries_however_many_homes_it_has() -> None:
    door = flooded()
    for number in range(FIRST_TRIES):
        door.now += SECOND
        assert door.attempt(f"t{number}@example.org", f"2001:db8:0:{number:x}00::1")
    door.now += SECOND
    assert not door.attempt("t@example.org", "2001:db8:0:e00::1")
    assert door.wait(RUTH, HOME) is None


def test_stuffing_from_ever_new_addresses_is_held_to_one_a_second() -> None:
    door = Door()
    for number in range(100):
        door.attempt(f"p{number}@example.org", place(number))
    compared = 0
    for number in range(6000):
        compared += door.attempt(f"q{number}@example.org", place(100 + number % 9000))
        door.now += timedelta(milliseconds=50)
    assert compared <= 301
    assert door.alarms.count("everyone") == 1


def test_a_known_browser_and_a_known_place_never_meet_it() -> None:
    door = flooded()
    assert door.attempt(RUTH, HOME, token_of(PEPPER, "ruth", HOME), right=True)


def test_one_home_is_one_address_however_many_networks_it_has() -> None:
    door = Door()
    compared = sum(
        door.attempt(f"p{n}@example.org", f"2001:db8:0:{n % 256:x}::{n:x}") for n in range(400)
    )
    assert compared == 50
    assert door.wait(RUTH, "2001:db8:0:ff::1") == timedelta(hours=1)
    assert door.wait(RUTH, "2001:db8:0:100::1") is None


def test_fifteen_networks_of_one_home_buy_no_more_first_tries_than_one() -> None:
    door = flooded()
    for number in range(FIRST_TRIES):
        door.now += SECOND
        assert door.attempt(f"t{number}@example.org", f"2001:db8:0:{number:x}::1")
    door.now += SECOND
    assert not door.attempt("t@example.org", "2001:db8:0:e::1")
    assert door.wait(RUTH, HOME) is None


def test_a_site_gets_two_hundred_an_hour() -> None:
    door = Door()
    compared = sum(
        door.attempt(f"p{n}@example.org", f"2001:db8:0:{n % 256:x}00::{n:x}") for n in range(1000)
    )
    assert compared <= 200
    for number in range(1000):
        door.now += 2 * SECOND
        compared += door.attempt(f"q{number}@example.org", f"2001:db8:0:{number % 256:x}00::1")
    assert compared == 200
    assert Kind.SITE.value in door.alarms
    assert door.wait(RUTH, "2001:db8:1::1") is None


@pytest.mark.parametrize(
    "other", [("tom", HOME), ("ruth", "203.0.113.10"), ("ruth2", "03.0.113.9")]
)
def test_a_place_is_of_one_account_in_one_network(other: tuple[str, str]) -> None:
    assert token_of(PEPPER, "ruth", HOME) != token_of(PEPPER, *other)
    assert token_of(PEPPER, "ruth", HOME) != token_of(b"q" * 32, "ruth", HOME)
    assert HOME not in token_of(PEPPER, "ruth", HOME)


def test_a_place_is_the_network_and_not_the_address() -> None:
    one, two = "2001:db8::1", "2001:db8::2"
    assert token_of(PEPPER, "ruth", one) == token_of(PEPPER, "ruth", two)
