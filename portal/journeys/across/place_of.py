"""In which area a request belongs whose address does not say so.

Only a page that is looked at is sent on: whatever changes something says its area, or is done in
the one that keeps the account.
"""

from __future__ import annotations

from collections.abc import Mapping

from portal.domain.ids import AreaId
from portal.journeys.house import House
from portal.journeys.signing_in.recall import Recalled
from portal.policy.actions import Action
from portal.policy.rulebook import needed_roles
from portal.records import whereabouts
from portal.records.database import reading


def place_of(house: House, found: Recalled, action: Action, named: Mapping[str, object]) -> AreaId:
    """The area of what the address names (`named`), if it is one of the person's own; else the
    first of their areas where their roles may do this; else the one that keeps their account."""
    home = found.person.area_id
    if not found.elsewhere:
        return home
    with reading(house.engine) as db:
        own = [home, *(each.area_id for each in found.elsewhere)]
        there = whereabouts.areas_of(db, named, own)
    if there:
        return home if home in there else min(there)
    needed = needed_roles(action)
    if needed is None or found.roles & needed:
        return home
    return next((each.area_id for each in found.elsewhere if each.roles & needed), home)
