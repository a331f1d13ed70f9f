"""Somebody with the database changes a row that says who somebody is, or how they sign in."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import delete, update

from portal.crypto.age.errors import AgeError
from portal.crypto.age.hybrid import HybridIdentity
from portal.crypto.keyring import open_keyring
from portal.domain.deeds import Deed
from portal.domain.ids import GrantId
from portal.domain.people import Role
from portal.journeys.deed import tending
from portal.journeys.keys.confirm_key import confirm_key
from portal.journeys.keys.directory import KeyAlarm, confirmed_keys
from portal.journeys.opening.open_paper import open_paper
from portal.journeys.own_account.change_passphrase import change_passphrase
from portal.journeys.signing_in import unlocking
from portal.journeys.signing_in.recall import Recalled, recall
from portal.ledger import book, leaf
from portal.policy.judge import Refused
from portal.records import keys, people, sessions
from portal.records.database import reading
from portal.records.keys import UnlockKind
from portal.records.sessions import Stage as SessionStage
from tests.world import World

NEW = "quite another harbour lantern 47"


def found_of(world: World, name: str) -> Recalled:
    found = recall(world.house, world.begin(name))
    assert isinstance(found, Recalled)
    return found


def keyring_opens(world: World, name: str, identity: HybridIdentity) -> bool:
    with reading(world.house.engine) as db:
        stored = keys.keyring_of(db, world.secrets(name).person_id)
    assert stored is not None
    try:
        open_keyring(stored.sealed, identity)
    except AgeError:
        return False
    return True


@pytest.mark.parametrize("column", ["recipient", "person_id", "kind", "salt"])
def test_a_way_to_unlock_that_was_slipped_in_is_never_sealed_to(world: World, column: str) -> None:
    rogue = HybridIdentity()
    with tending(world.house) as db:
        if column == "recipient":
            values: dict[str, object] = {"recipient": rogue.recipient().raw}
            whose = "ruth"
        elif column == "person_id":
            db.execute(
                delete(keys.unlocks)
                .where(keys.unlocks.c.person_id == world.secrets("ruth").person_id)
                .where(keys.unlocks.c.kind == UnlockKind.RECOVERY)
            )
            values, whose = {"person_id": world.secrets("ruth").person_id}, "joe"
        elif column == "kind":
            values, whose = {"salt": b"x" * 16}, "ruth"
        else:
            values, whose = {"salt": b"y" * 16}, "ruth"
        db.execute(
            update(keys.unlocks)
            .where(keys.unlocks.c.person_id == world.secrets(whose).person_id)
            .where(keys.unlocks.c.kind == UnlockKind.RECOVERY)
            .values(**values)
        )
    secrets = world.secrets("ruth")
    with pytest.raises(KeyAlarm):
        change_passphrase(
            world.house, found_of(world, "ruth"), secrets.passphrase, NEW, world.code("ruth")
        )
    assert not keyring_opens(world, "ruth", rogue)


def test_nobodys_keyring_takes_as_long_to_try_as_everybodys(world: World) -> None:
    """Without Argon2 before it (a recovery code), one key pair less to try could be measured."""
    ruth = world.secrets("ruth").sealed
    _, nobody = unlocking._nobody()
    assert nobody.count(b"\n-> ") == ruth.count(b"\n-> ") == len(UnlockKind)


def test_a_half_way_session_does_not_become_whole_by_a_row(world: World) -> None:
    secret = world.begin("ruth", SessionStage.PASSPHRASE)
    with tending(world.house) as db:
        db.execute(
            update(sessions.sessions)
            .where(sessions.sessions.c.id == world.session_id(secret))
            .values(stage=SessionStage.SIGNED_IN, factor_at=world.clock.now())
        )
    assert not isinstance(recall(world.house, secret), Recalled)


@pytest.mark.parametrize("stage", [SessionStage.RECOVERING, SessionStage.SIGNED_IN])
def test_a_second_factor_is_not_given_by_a_row(world: World, stage: SessionStage) -> None:
    secret = world.begin("ruth", stage)
    with tending(world.house) as db:
        db.execute(
            update(sessions.sessions)
            .where(sessions.sessions.c.id == world.session_id(secret))
            .values(factor_at=world.clock.now() - timedelta(seconds=1))
        )
    assert not isinstance(recall(world.house, secret), Recalled)


def test_a_role_that_was_slipped_in_before_the_key_is_confirmed_gets_no_unit_key(
    world: World,
) -> None:
    una = world.person("una")
    roles = una.roles | {Role.ADMINISTRATOR}
    with tending(world.house) as db:
        db.execute(update(people.people).where(people.people.c.id == una.id).values(roles=roles))
        public = keys.public_key_of(db, una.area_id, una.id)
    assert public is not None
    with pytest.raises(KeyAlarm):
        confirm_key(world.house, world.who("helen"), una.id, public.fingerprint)
    with reading(world.house.engine) as db:
        assert keys.unit_wrap_of(db, una.area_id, una.id) is None


@pytest.mark.parametrize("column", ["name", "agency_id"])
def test_a_name_or_agency_that_was_put_on_another_row_stops_what_is_sealed(
    world: World, column: str
) -> None:
    """The page would show the one, and the key would be the other's."""
    ruth, joe = world.person("ruth"), world.person("joe")
    with tending(world.house) as db:
        for person, other in ((ruth, joe), (joe, ruth)):
            db.execute(
                update(people.people)
                .where(people.people.c.id == person.id)
                .values(**{column: getattr(other, column)})
            )
    with reading(world.house.engine) as db, pytest.raises(KeyAlarm):
        confirmed_keys(world.house, db, ruth.area_id)


def test_the_ledger_holds_a_salted_digest_of_a_confirmation_and_no_name(world: World) -> None:
    with reading(world.house.engine) as db:
        given = keys.confirmations_of_area(db, world.area.id)[world.secrets("ruth").person_id]
    lines = given.statement.decode().splitlines()
    assert lines[4] == world.person("ruth").name
    assert len(lines[5]) == 32


@pytest.mark.parametrize("typed", ["WilfredCrane", "crane", "Ｃｒａｎｅ", "x" * 26 + "1"])
def test_what_somebody_typed_into_an_address_never_reaches_the_ledger(
    world: World, typed: str
) -> None:
    ruth = world.who("ruth")
    with pytest.raises(Refused):
        open_paper(world.house, ruth, GrantId(typed))
    with reading(world.house.engine) as db:
        told = book.newest_of(db, world.area.id, Deed.DEED_REFUSED.value)
    assert told is not None
    assert leaf.decode(told.leaf)["subject"] == ""
