"""Of whom an agency's single point of contact has to say whether they are still here (rule 81)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection

from portal.domain.colleagues import Certified, certified
from portal.domain.ids import AgencyId, AreaId, PersonId
from portal.domain.people import Account, Person, Role
from portal.records import colleagues, people


def last_said(
    db: Connection, area_id: AreaId, of: Mapping[PersonId, Person]
) -> dict[PersonId, datetime]:
    """When it was last said of each that they are here; when they were invited, where it never
    was."""
    known = colleagues.certified_of(db, area_id)
    return {
        key: known[key].certified_at if key in known else person.created_at
        for key, person in of.items()
    }


def to_certify(db: Connection, area_id: AreaId) -> dict[AgencyId, dict[PersonId, datetime]]:
    """When it was last said of the people of each agency that has a single point of contact.

    Those who speak for an agency are left out: nobody says it of themselves.
    """
    living = {
        key: person
        for key, person in people.of_area(db, area_id).items()
        if person.account is not Account.LEFT
    }
    spoken_for = {person.agency_id for person in living.values() if Role.SPOC in person.roles}
    found: dict[AgencyId, dict[PersonId, datetime]] = defaultdict(dict)
    for key, at in last_said(db, area_id, living).items():
        person = living[key]
        if person.agency_id in spoken_for and Role.SPOC not in person.roles:
            found[person.agency_id][key] = at
    return dict(found)


def due_in(
    db: Connection, area_id: AreaId, now: datetime, states: frozenset[Certified]
) -> Counter[AgencyId]:
    """How many of each agency that has a single point of contact are in one of these states."""
    return Counter(
        agency_id
        for agency_id, last in to_certify(db, area_id).items()
        for at in last.values()
        if certified(at, now) in states
    )
