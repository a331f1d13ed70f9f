"""Telling those who speak for somebody's agency (MAPPA rule 81)."""

from __future__ import annotations

from portal.domain.people import Area, Person, Role
from portal.journeys.deed import Doing
from portal.journeys.roles.in_office import in_office
from portal.notices.kinds import Kind

PATH = "/agency/people/"


def tell_spokespeople(deed: Doing, kind: Kind, area: Area, about: Person) -> int:
    """Each single point of contact of the person's agency but themselves; returns how many."""
    told = [
        each
        for each in in_office(deed.db, about.area_id, {Role.SPOC})
        if each.agency_id == about.agency_id and each.id != about.id
    ]
    for each in told:
        deed.tell(kind, each.email, area=area.name, path=PATH)
    return len(told)
