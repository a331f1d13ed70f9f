"""Somebody's roles as if a coordinator had changed them: the row, and its line."""

from __future__ import annotations

from dataclasses import replace

from portal.domain.deeds import Deed, line
from portal.domain.people import Role, system
from portal.journeys.deed import unjudged
from portal.journeys.keys.reached import callback
from portal.records import people
from tests.world import World, cast


def give_roles(world: World, name: str, roles: frozenset[Role]) -> None:
    with unjudged(world.house, system(world.area.id), Deed.ROLES_CHANGED) as deed:
        person = people.load(deed.db, deed.area_id, cast()[name].person_id)
        assert person is not None
        people.set_roles(deed.db, deed.area_id, person.id, roles)
        deed.note(
            line(
                Deed.ROLES_CHANGED,
                person=person.id,
                agency=person.agency_id,
                was=sorted(person.roles),
                roles=sorted(roles),
                because="post",
                callback=callback(world.house, replace(person, roles=roles)),
            )
        )
