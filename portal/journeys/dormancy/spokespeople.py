"""Telling those who speak for somebody's agency (MAPPA rule 81)."""

from __future__ import annotations

from portal.domain.people import Account, Area, Person, Role
from portal.journeys.deed import Doing
from portal.notices.kinds import Kind
from portal.records import people

PATH = "/agency/people/"


def tell_spokespeople(deed: Doing, kind: Kind, area: Area, about: Person) -> int:
    """Each single point of contact of the person's agency but themselves; returns how many."""
    told = [
        each
        for each in people.of_agency(deed.db, about.area_id, about.agency_id)
        if each.account is Account.ENROLLED and Role.SPOC in each.roles and each.id != about.id
    ]
    for each in told:
        deed.tell(kind, each.email, area=area.name, path=PATH)
    return len(told)
