"""Whoever has a passphrase and guesses at codes, patiently, comes to an end; its owner does not."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal.journeys.signing_in.attempting import NEEDS_PROOF, PURPOSE, NotRight
from portal.journeys.signing_in.recall import LASTS, Recalled, recall
from portal.journeys.signing_in.second_factor import CodeRefused
from portal.journeys.signing_in.sign_in import give_code, give_passphrase
from portal.journeys.signing_in.throttling import Source, charge
from portal.records.sessions import Stage
from tests.world import World, cast

STRANGER = Source("203.0.113.66")
FIVE = 5


def half(world: World, source: Source) -> Recalled:
    ruth = cast()["ruth"]
    found = recall(world.house, give_passphrase(world.house, ruth.email, ruth.passphrase, source))
    assert isinstance(found, Recalled)
    return found


def guesses(world: World, found: Recalled) -> int:
    """Every two minutes until this half is over; returns how many were compared."""
    made = 0
    for _ in range(LASTS[Stage.PASSPHRASE] // timedelta(minutes=2)):
        with pytest.raises(CodeRefused) as refused:
            give_code(world.house, found, "000000", STRANGER, shared=False)
        made += "Wait" not in refused.value.words
        world.clock.advance(timedelta(minutes=2))
    return made


def guess(world: World) -> None:
    """One code, wrong, from a half sign-in of its own; and then a long wait."""
    found = half(world, STRANGER)
    with pytest.raises(CodeRefused):
        give_code(world.house, found, "000000", STRANGER, shared=False)
    world.clock.advance(timedelta(hours=2))


def test_a_quiet_day_gives_no_guesses_back(world: World) -> None:
    first = guesses(world, half(world, STRANGER))
    assert first > FIVE
    later = []
    for _ in range(4):
        world.clock.advance(timedelta(hours=25))
        later.append(guesses(world, half(world, STRANGER)))
    assert later[-2:] == [1, 1]
    assert sum(later) < first


def test_a_hundred_halves_in_a_row_and_no_unknown_browser_comes_so_far(world: World) -> None:
    home = Source("192.0.2.7", _signed_in(world))
    ruth = world.person("ruth")
    for _ in range(98):
        # What each of these halves is counted under, at the price of none.
        charge(world.house, PURPOSE, ruth.email, ruth.account_id, STRANGER)
        world.clock.advance(timedelta(hours=2))
    guess(world)
    guess(world)
    with pytest.raises(NotRight) as stopped:
        guess(world)
    assert stopped.value.words == NEEDS_PROOF
    # Its owner, in their own browser, is not kept out by it.
    done = give_code(world.house, half(world, home), world.code("ruth"), home, shared=False)
    assert done.device is not None


def _signed_in(world: World) -> str:
    source = Source("192.0.2.7")
    found = half(world, source)
    done = give_code(world.house, found, world.code("ruth"), source, shared=False)
    assert done.device is not None
    return done.device
