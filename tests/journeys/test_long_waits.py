"""Whoever has to wait long is told that a colleague can let them try again, known or not."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal.crypto.recovery_code import new_recovery_code
from portal.identity import secret_token
from portal.journeys.deed import tending
from portal.journeys.signing_in import attempting, recover
from portal.journeys.signing_in.attempting import RING, NotRight
from portal.journeys.signing_in.recover import give_recovery_code
from portal.journeys.signing_in.second_factor import in_words
from portal.journeys.signing_in.sign_in import give_passphrase
from portal.journeys.signing_in.throttling import Source, charge, remember_place
from portal.records import factors
from tests.world import World, cast

OFFICE = Source("198.51.100.4")
STRANGER = "nobody@x.example"


def full(world: World, purpose: str) -> None:
    """The address of an office has used up its tries of an hour."""
    for made in range(60):
        charge(world.house, purpose, f"nobody{made}@x.example", None, OFFICE)


def told(world: World, email: str, source: Source = OFFICE) -> str:
    with pytest.raises(NotRight) as out:
        give_passphrase(world.house, email, "wrong wrong wrong", source)
    return out.value.words


def test_a_long_wait_says_whom_to_ring_whoever_asks(world: World) -> None:
    full(world, attempting.PURPOSE)
    known = told(world, cast()["ruth"].email)
    assert known == told(world, STRANGER)
    assert known.startswith("Too many tries. Wait 60 minutes, then try again, or ring")
    assert known.endswith(RING)


def test_so_does_one_at_recovery(world: World) -> None:
    full(world, recover.PURPOSE)
    said = []
    for email in (cast()["ruth"].email, STRANGER):
        with pytest.raises(NotRight) as out:
            give_recovery_code(world.house, email, new_recovery_code(), OFFICE)
        said.append(out.value.words)
    assert said[0] == said[1]
    assert said[0].endswith(RING)


def test_a_short_one_is_waited_for(world: World) -> None:
    full(world, attempting.PURPOSE)
    world.clock.advance(timedelta(minutes=51))
    assert told(world, STRANGER) == "Too many tries. Wait 9 minutes, then try again."


@pytest.mark.parametrize(("token", "helps"), [("a browser of hers", False), (None, True)])
def test_a_browser_of_their_own_is_told_of_no_words(
    world: World, token: str | None, helps: bool
) -> None:
    """Its own counter judges it, which no words change."""
    ruth, now = world.person("ruth"), world.clock.now()
    with tending(world.house) as db:
        hashed = secret_token.hash_of("a browser of hers")
        factors.save_device(db, factors.Device(hashed, ruth.area_id, ruth.account_id, now))
    for _ in range(11):
        world.clock.advance(timedelta(minutes=30))
        assert told(world, ruth.email, Source("198.51.100.5", token)) == attempting.NOT_RIGHT
    said = told(world, ruth.email, Source("198.51.100.5", token))
    assert said.startswith("Too many tries. Wait 16 minutes, then try again")
    assert said.endswith(RING) is helps


@pytest.mark.parametrize("cookie", [None, "of a browser that nobody knows"])
def test_in_a_known_network_another_browser_is_told_of_them(
    world: World, cookie: str | None
) -> None:
    """There the words that a colleague speaks do help, whatever cookie the browser brings."""
    ruth = world.person("ruth")
    remember_place(world.house, ruth, OFFICE)
    source = Source(OFFICE.address, cookie)
    for _ in range(11):
        world.clock.advance(timedelta(minutes=30))
        assert told(world, ruth.email, source) == attempting.NOT_RIGHT
    assert told(world, ruth.email, source).endswith(RING)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "1 second"),
        (0.2, "1 second"),
        (1, "1 second"),
        (1.2, "2 seconds"),
        (30, "30 seconds"),
        (119, "119 seconds"),
        (119.5, "2 minutes"),
        (120, "2 minutes"),
        (121, "3 minutes"),
        (3600, "60 minutes"),
    ],
)
def test_a_wait_is_rounded_up_and_no_further(seconds: float, words: str) -> None:
    assert in_words(timedelta(seconds=seconds)) == words
