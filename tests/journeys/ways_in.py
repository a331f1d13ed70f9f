"""Every way in which a session begins, step by step: each yields before its next step, and returns
the secret of the session at its end."""

from __future__ import annotations

from collections.abc import Callable, Generator
from datetime import timedelta

from portal.chance import new_id
from portal.domain.ids import AgencyId
from portal.identity.passkey import Site, site_of
from portal.journeys.signing_in import recover, sign_in_with_passkey
from portal.journeys.signing_in.lock_screen import (
    asked_to_reopen,
    lock_screen,
    reopen,
    reopen_with_passkey,
)
from portal.journeys.signing_in.recall import Locked, Recalled, recall
from portal.journeys.signing_in.sign_in import enter, give_code, give_passphrase
from portal.journeys.signing_in.sign_in_by_provider import (
    Ticket,
    asked_by_ticket,
    open_by_passkey,
    sign_in_by_provider,
)
from portal.journeys.signing_in.throttling import Source
from portal.journeys.signing_in.vouched_before import FACTOR
from tests.journeys.soft_key import SoftKey, encoded
from tests.web.computers import PRF, Passkey
from tests.world import BASE_URL, World

Way = Generator[None, None, bytes]
NAME = "ruth"
HERE = Source("192.0.2.7")
BROWSER = "a-browser-of-the-tests"
ANEW = "quite another harbour lantern 47"
GIVEN = encoded(PRF)


def half_of(world: World) -> Recalled:
    mine = world.secrets(NAME)
    return _recalled(world, give_passphrase(world.house, mine.email, mine.passphrase, HERE))


def by_code(world: World) -> Way:
    yield
    half = half_of(world)
    yield
    return give_code(world.house, half, world.code(NAME), HERE, shared=False).secret


def by_passkey_second(world: World) -> Way:
    site, key = passkey_of(world)
    yield
    half = half_of(world)
    asked = sign_in_with_passkey.asked_second(world.house, site, half)
    assert asked is not None
    yield
    return sign_in_with_passkey.give_passkey(
        world.house, site, half, key.touch(asked), HERE, shared=False
    ).secret


def by_passkey_alone(world: World) -> Way:
    site, key = passkey_of(world)
    asked = sign_in_with_passkey.asked_alone(world.house, site, BROWSER)
    yield
    return sign_in_with_passkey.sign_in_with_passkey(
        world.house, site, BROWSER, key.touch(asked), GIVEN, HERE, shared=False
    ).secret


def by_provider(world: World) -> Way:
    """From where the provider has proved them."""
    ticket, mine = _ticket(world), world.secrets(NAME)
    yield
    return sign_in_by_provider(world.house, ticket, mine.passphrase, HERE, shared=False).secret


def by_provider_and_passkey(world: World) -> Way:
    site, key = passkey_of(world)
    ticket = _ticket(world)
    asked = asked_by_ticket(world.house, site, ticket)
    assert asked is not None
    yield
    answer = key.touch(asked)
    return open_by_passkey(world.house, site, ticket, answer, GIVEN, HERE, shared=False).secret


def by_recovery(world: World) -> Way:
    house, mine = world.house, world.secrets(NAME)
    yield
    half = _recalled(world, recover.give_recovery_code(house, mine.email, mine.recovery_code, HERE))
    yield
    half = _recalled(world, recover.give_recovery_factor(house, half, world.code(NAME)))
    yield
    return recover.recover(house, half, ANEW, HERE, shared=False).secret


def by_spoken_words(world: World) -> Way:
    """From where a colleague has let them in."""
    half, until = half_of(world), world.clock.now() + timedelta(hours=1)
    yield
    return enter(world.house, half, FACTOR, HERE, shared=False, vouched_until=until).secret


def by_unlocking(world: World) -> Way:
    locked = _locked(world)
    yield
    return reopen(world.house, locked, world.secrets(NAME).passphrase, HERE)


def by_unlocking_with_a_passkey(world: World) -> Way:
    site, key = passkey_of(world)
    locked = _locked(world)
    asked = asked_to_reopen(world.house, site, locked)
    assert asked is not None
    yield
    return reopen_with_passkey(world.house, site, locked, key.touch(asked), GIVEN, HERE)


WAYS: dict[Callable[[World], Way], int] = {
    by_code: 2,
    by_passkey_second: 2,
    by_passkey_alone: 1,
    by_provider: 1,
    by_provider_and_passkey: 1,
    by_recovery: 3,
    by_spoken_words: 1,
    by_unlocking: 1,
    by_unlocking_with_a_passkey: 1,
}
"""Each with its number of steps."""


def passkey_of(world: World) -> tuple[Site, SoftKey]:
    """A passkey of theirs that opens by itself."""
    return site_of(BASE_URL), Passkey(world, NAME).key


def _ticket(world: World) -> Ticket:
    person = world.person(NAME)
    agency = AgencyId(person.agency_id)
    return Ticket(agency, person, new_id(), "/", world.clock.now(), b"subject of the tests", None)


def _locked(world: World) -> Locked:
    secret = world.begin(NAME)
    lock_screen(world.house, _recalled(world, secret).who())
    found = recall(world.house, secret)
    assert isinstance(found, Locked)
    return found


def _recalled(world: World, secret: bytes) -> Recalled:
    found = recall(world.house, secret)
    assert isinstance(found, Recalled)
    return found
