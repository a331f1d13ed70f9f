"""Who else could name a co-ordinator: without one an area cannot go on by itself."""

from __future__ import annotations

from sqlalchemy import Connection

from portal.domain.people import Account, Person, Role
from portal.records import keys, people


def other_coordinators(db: Connection, person: Person) -> list[Person]:
    """The area's other living co-ordinators. Whoever's key nobody confirmed can name nobody."""
    confirmed = keys.confirmations_of_area(db, person.area_id)
    return [
        other
        for other in people.of_area(db, person.area_id).values()
        if other.id != person.id
        and other.id in confirmed
        and other.account is Account.ENROLLED
        and Role.COORDINATOR in other.roles
    ]
