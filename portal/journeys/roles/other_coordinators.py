"""Who else could name a co-ordinator: without one an area cannot go on by itself."""

from __future__ import annotations

from sqlalchemy import Connection

from portal.domain.people import Person, Role
from portal.journeys.roles.in_office import in_office


def other_coordinators(db: Connection, person: Person) -> list[Person]:
    """The area's other living co-ordinators. Whoever's key nobody confirmed can name nobody."""
    found = in_office(db, person.area_id, {Role.COORDINATOR})
    return [other for other in found if other.id != person.id]
