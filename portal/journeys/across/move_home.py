"""Somebody leaves the area that keeps their account, and belongs to others still.

Only what they were in that area ends. The account goes to the area where they have been longest:
they sign in there as before, with the same secrets, and nothing of them is left to be used in the
area that they left. The new one's record says since when it answers for the account.
"""

from __future__ import annotations

from collections.abc import Iterable

from portal.domain.deeds import Deed, line
from portal.domain.ids import AreaId, PersonId
from portal.domain.people import Account, Person, system
from portal.journeys.changed import Changed
from portal.journeys.deed import Doing
from portal.journeys.dormancy.asleep import last_used
from portal.journeys.house import House
from portal.notices.kinds import Kind
from portal.records import areas, homes, people
from portal.records.database import reading


def other_areas(house: House, area_id: AreaId, of: Iterable[PersonId]) -> set[AreaId]:
    """The other areas to which these people of an area belong: what a deed about them may have a
    part in. Nobody is told of it."""
    with reading(house.engine) as db:
        known = [people.load(db, area_id, person_id) for person_id in of]
        return {
            each.area_id
            for person in known
            if person is not None and person.at_home
            for each in living_elsewhere(people.of_account(db, person.account_id), person)
        }


def living_elsewhere(memberships: Iterable[Person], person: Person) -> list[Person]:
    """The same person in the other areas that they belong to now, the oldest first."""
    return [
        each for each in memberships if each.id != person.id and each.account is Account.ENROLLED
    ]


def move_home(deed: Doing, person: Person) -> None:
    """Call it once `person` has left. Nothing is done where the account is kept elsewhere, or
    nobody else knows it. Raises Changed where they joined another area at the same moment."""
    if not person.at_home:
        return
    others = living_elsewhere(people.of_account(deed.db, person.account_id), person)
    if not others:
        return
    if others[0].area_id not in deed.locked:
        raise Changed
    there = deed.beside(system(others[0].area_id), Deed.ACCOUNT_MOVED)
    used_at = last_used(deed.db, person)
    homes.move(deed.db, person.account_id, others[0])
    there.note(line(Deed.ACCOUNT_MOVED, person=others[0].id, used_at=used_at.isoformat()))
    area = areas.load(deed.db, others[0].area_id)
    if area is not None:
        there.tell(
            Kind.ACCOUNT_MOVED, person.email, area=area.name, path="/account/", phone=area.phone
        )
