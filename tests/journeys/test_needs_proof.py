"""After a hundred failures no wait helps: what does is said, the same to whoever is nobody."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal.identity.throttle import CONSECUTIVE_LIMIT
from portal.journeys.signing_in.attempting import NEEDS_PROOF, NotRight
from portal.journeys.signing_in.recover import PURPOSE as RECOVERY
from portal.journeys.signing_in.recover import give_recovery_code
from portal.journeys.signing_in.sign_in import give_passphrase
from portal.journeys.signing_in.throttling import Source, charge
from tests.web.browsing import send, text_of
from tests.world import World, cast

HERE = Source("198.51.100.7")
NOBODY = "nobody.at.all@police.example"


def failed(world: World, email: str, times: int, purpose: str = "sign-in") -> None:
    for made in range(times):
        world.clock.advance(timedelta(minutes=2))
        charged = charge(world.house, purpose, email, None, Source(f"203.0.113.{made}"))
        assert charged.wait is None


def said(world: World, email: str) -> str:
    with pytest.raises(NotRight) as out:
        give_passphrase(world.house, email, cast()["ruth"].passphrase, HERE)
    return out.value.words


@pytest.mark.parametrize("email", ["ruth", NOBODY])
def test_it_says_who_can_help_however_long_they_wait(world: World, email: str) -> None:
    email = cast()["ruth"].email if email == "ruth" else email
    failed(world, email, CONSECUTIVE_LIMIT)
    for wait in (timedelta(0), timedelta(hours=2), timedelta(days=100)):
        world.clock.advance(wait)
        assert said(world, email) == NEEDS_PROOF
    assert "Wait" not in NEEDS_PROOF


def test_below_the_hundred_a_wait_is_said_as_before(world: World) -> None:
    failed(world, NOBODY, CONSECUTIVE_LIMIT - 1)
    assert "Wait 60 seconds" in said(world, NOBODY)


def test_so_does_the_page_and_the_one_for_a_recovery_code(world: World) -> None:
    ruth = cast()["ruth"]
    failed(world, ruth.email, CONSECUTIVE_LIMIT)
    failed(world, ruth.email, CONSECUTIVE_LIMIT, RECOVERY)
    client = world.client()
    shown = send(client, "/sign-in", email=ruth.email, passphrase=ruth.passphrase)
    assert "a colleague can let you try again" in text_of(shown)
    with pytest.raises(NotRight) as out:
        give_recovery_code(world.house, ruth.email, ruth.recovery_code, HERE)
    assert out.value.words == NEEDS_PROOF
