"""The other area that keeps somebody's account, for what an area does for whom it has now.

What is done to the account itself stands in that area's record too: as the portal's, for it does
not learn which area it was.
"""

from __future__ import annotations

from portal.domain.deeds import Deed
from portal.domain.ids import AreaId, PersonId
from portal.domain.people import Account, Person, system
from portal.journeys.changed import Changed
from portal.journeys.deed import Doing
from portal.journeys.house import House
from portal.records import people
from portal.records.database import reading


def keeper_of(house: House, area_id: AreaId, person_id: PersonId) -> set[AreaId]:
    """What to lock besides the actor's area; empty where that one keeps the account, or they do not
    belong to it. Nobody is told of it."""
    with reading(house.engine) as db:
        person = people.load(db, area_id, person_id)
        if person is None or person.account is not Account.ENROLLED or person.at_home:
            return set()
        keeper = people.at_home(db, person.account_id)
    return set() if keeper is None else {keeper.area_id}


def at_keeper(deed: Doing, person: Person, *leaves: Deed) -> tuple[Person, Doing] | None:
    """The same person where their account is kept, and that area's part of the deed; None where it
    is the actor's own. Raises Changed where it came there at this moment."""
    if person.at_home:
        return None
    kept = people.at_home(deed.db, person.account_id)
    if kept is None or kept.area_id not in deed.locked:
        raise Changed
    return kept, deed.beside(system(kept.area_id), *leaves)
