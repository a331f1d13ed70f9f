"""Those who spoke to the owner of a key: whoever confirmed it, or a key of theirs before it.

What they vouched for is told to them when it changes.
"""

from __future__ import annotations

from sqlalchemy import Connection

from portal.domain.ids import AreaId, PersonId
from portal.domain.people import Account, Area, Person
from portal.journeys.deed import Doing
from portal.notices.kinds import Kind
from portal.records import former_keys, keys, people


def confirmers(db: Connection, area_id: AreaId, person_id: PersonId) -> tuple[Person, ...]:
    """Everybody but the owner who is still there, in the order of their names."""
    given = keys.confirmation_of(db, area_id, person_id)
    found = {key.confirmed_by for key in former_keys.of_person(db, area_id, person_id)}
    found |= set() if given is None else {given.confirmed_by}
    known = people.of_area(db, area_id)
    living = [
        known[each]
        for each in found - {person_id}
        if each in known and known[each].account is not Account.LEFT
    ]
    return tuple(sorted(living, key=lambda each: (each.name, each.id)))


def tell_replaced(deed: Doing, area: Area, earlier: tuple[Person, ...]) -> None:
    """Tell those who confirmed a key that another one counts now; whoever does it knows."""
    for each in earlier:
        if each.id != deed.actor.person_id:
            deed.tell(
                Kind.KEY_REPLACED,
                each.email,
                area=area.name,
                path="/unit/people/",
                phone=area.phone,
            )
