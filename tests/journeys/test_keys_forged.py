"""Whoever has the database and the ledger's key, but nobody's own, makes no key somebody's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from portal.crypto.fingerprint import fingerprint
from portal.crypto.keyring import Keyring, new_keyring
from portal.domain.deeds import Deed
from portal.domain.people import Actor
from portal.journeys.deed import tending, unjudged
from portal.journeys.house import Who
from portal.journeys.keys.confirm_key import note_confirmation
from portal.journeys.keys.directory import ConfirmedKey, KeyAlarm, confirmed_key, confirmed_keys
from portal.records import keys
from portal.records.database import reading
from tests.world import World, cast

THIEF = new_keyring()


def acts(world: World, name: str) -> Actor:
    return world.who(name).actor


def confirmed(world: World, name: str) -> str:
    """The fingerprint that everybody would seal for, asked both ways."""
    area_id, person_id = world.area.id, world.person(name).id
    with reading(world.house.engine) as db:
        one = confirmed_key(world.house, db, area_id, person_id)
        assert one == confirmed_keys(world.house, db, area_id).get(person_id)
    assert one is not None
    return one.fingerprint


def forge(
    world: World, name: str, by: Keyring, *, signer: str, actor: str, own: Keyring = THIEF
) -> None:
    """The thief's key in somebody's row, confirmed by `by` in the name of `signer`, with a line
    under the ledger's key that says that `actor` did it."""
    found = fingerprint(own.recipient(), own.signing_public())
    victim = world.person(name)
    key = ConfirmedKey(victim.id, own.recipient(), own.signing_public(), found)
    told = acts(world, actor)
    with unjudged(world.house, told, Deed.KEY_CONFIRMED) as deed:
        row = keys.PublicKey(victim.id, world.area.id, key.recipient, key.sign_public, found,
                             deed.now)  # fmt: skip
        keys.save_public_key(deed.db, row)
        note_confirmation(deed, Who(told, by, None), victim, key, [])
        given = keys.confirmation_of(deed.db, world.area.id, victim.id)
        assert given is not None
        keys.save_confirmation(deed.db, replace(given, confirmed_by=world.person(signer).id))


def unconfirm(world: World, name: str) -> None:
    with tending(world.house) as db:
        assert keys.remove_confirmation(db, world.area.id, world.person(name).id)


FORGED: dict[str, Callable[[World], None]] = {
    "by itself, in the name of a coordinator": lambda world: forge(
        world, "carys", THIEF, signer="carys", actor="helen"
    ),
    "by itself, in its owner's name": lambda world: forge(
        world, "carys", THIEF, signer="carys", actor="carys"
    ),
    "by itself, said to be a coordinator's signature": lambda world: forge(
        world, "carys", THIEF, signer="helen", actor="helen"
    ),
    "by another who was never confirmed": lambda world: (
        unconfirm(world, "grace"),
        forge(world, "carys", cast()["grace"].keyring, signer="grace", actor="grace"),
    )[-1],
    "by another's true key, said to be a coordinator's doing": lambda world: forge(
        world, "carys", cast()["grace"].keyring, signer="grace", actor="helen"
    ),
    "each by the other": lambda world: (
        forge(world, "grace", THIEF, signer="carys", actor="carys"),
        forge(world, "carys", THIEF, signer="grace", actor="grace"),
    )[-1],
}  # fmt: skip


@pytest.mark.parametrize("how", FORGED)
def test_a_forged_confirmation_makes_nobody_a_reader(world: World, how: str) -> None:
    before = confirmed(world, "carys")
    assert before != fingerprint(THIEF.recipient(), THIEF.signing_public())
    FORGED[how](world)
    with pytest.raises(KeyAlarm):
        confirmed(world, "carys")


def test_what_a_coordinator_signed_is_believed(world: World) -> None:
    forge(world, "carys", cast()["helen"].keyring, signer="helen", actor="helen")
    assert confirmed(world, "carys") == fingerprint(THIEF.recipient(), THIEF.signing_public())


def test_who_was_confirmed_only_afterwards_vouches_for_nobody(world: World) -> None:
    grace = cast()["grace"].keyring
    unconfirm(world, "grace")
    forge(world, "carys", grace, signer="grace", actor="grace")
    forge(world, "grace", cast()["helen"].keyring, signer="helen", actor="helen", own=grace)
    with reading(world.house.engine) as db:
        assert confirmed_key(world.house, db, world.area.id, world.person("grace").id)
    with pytest.raises(KeyAlarm):
        confirmed(world, "carys")
