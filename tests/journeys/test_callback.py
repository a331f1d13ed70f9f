"""Somebody with the database changes how a person is reached: nobody rings or writes there."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from portal.crypto.fingerprint import fingerprint
from portal.domain.deeds import Deed
from portal.domain.people import Role
from portal.journeys.deed import tending
from portal.journeys.joining.resend_link import resend_link
from portal.journeys.keys.confirm_key import confirm_key
from portal.journeys.keys.directory import KeyAlarm
from portal.journeys.views.people import to_confirm
from portal.records import people
from tests.journeys.other_area import lines
from tests.world import World

CHANGED = {
    "phone": "01632 960 666",
    "email": "another@northmere.example",
    "name": "Una Bird",
    "roles": frozenset({Role.COORDINATOR}),
}


def change(world: World, name: str, column: str) -> None:
    with tending(world.house) as db:
        db.execute(
            update(people.people)
            .where(people.people.c.id == world.secrets(name).person_id)
            .values({column: CHANGED[column]})
        )


@pytest.mark.parametrize("column", CHANGED)
def test_a_page_with_another_number_is_not_shown(world: World, column: str) -> None:
    change(world, "una", column)
    with pytest.raises(KeyAlarm):
        to_confirm(world.house, world.who("helen"), world.secrets("una").person_id)


@pytest.mark.parametrize("column", CHANGED)
def test_a_key_of_another_is_not_confirmed(world: World, column: str) -> None:
    own = world.secrets("una").keyring
    heard = fingerprint(own.recipient(), own.signing_public())
    change(world, "una", column)
    before = len(lines(world.house, world.area.id, Deed.KEY_CONFIRMED))
    with pytest.raises(KeyAlarm):
        confirm_key(world.house, world.who("helen"), world.secrets("una").person_id, heard)
    assert len(lines(world.house, world.area.id, Deed.KEY_CONFIRMED)) == before


@pytest.mark.parametrize("column", CHANGED)
def test_a_new_link_does_not_make_it_true(world: World, column: str) -> None:
    change(world, "newcomer", column)
    before = len(lines(world.house, world.area.id, Deed.PERSON_INVITED))
    with pytest.raises(KeyAlarm):
        resend_link(world.house, world.who("helen"), world.secrets("newcomer").person_id)
    assert len(lines(world.house, world.area.id, Deed.PERSON_INVITED)) == before


def test_the_number_that_was_typed_is_shown_and_a_link_sent_again(world: World) -> None:
    helen = world.who("helen")
    found = to_confirm(world.house, helen, world.secrets("una").person_id)
    assert found.person.phone == "01632 960 222"
    resend_link(world.house, helen, world.secrets("newcomer").person_id)
    told = lines(world.house, world.area.id, Deed.PERSON_INVITED)[-1]
    assert "960" not in str(told["callback"])
