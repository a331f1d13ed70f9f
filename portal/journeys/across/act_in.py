"""The same session, acting in another of the person's areas.

A request acts in one area only: the judge is told of that area's person, with that area's agency
and roles, and journeys find nothing of any other. That the row of an area says whose account it is
proves nothing: the key that this area registered must be the one that the session has opened.
"""

from __future__ import annotations

from dataclasses import replace

from portal.domain.ids import AreaId
from portal.domain.people import Account
from portal.journeys.across.registered import is_registered
from portal.journeys.house import House
from portal.journeys.roles.acting import acting_term
from portal.journeys.roles.counting import counting
from portal.journeys.signing_in.recall import Recalled
from portal.records import areas, people
from portal.records.database import reading


def everywhere(house: House, found: Recalled) -> list[Recalled]:
    """Somebody as they are in each area in which they may act with the key of this session, the one
    of the session first."""
    others = [act_in(house, found, each.area_id) for each in found.elsewhere]
    return [found, *(each for each in others if each is not None)]


def act_in(house: House, found: Recalled, area_id: AreaId) -> Recalled | None:
    """None where this person belongs to no such area, or not with this key."""
    if found.person.area_id == area_id:
        return found
    person = next((each for each in found.elsewhere if each.area_id == area_id), None)
    if person is None or person.account is not Account.ENROLLED or found.keyring is None:
        return None
    with reading(house.engine) as db:
        area = areas.load(db, area_id)
        agency = people.load_agency(db, area_id, person.agency_id)
        known = is_registered(db, person, found.keyring)
        term = acting_term(house, db, person, house.clock.now())
        roles = counting(db, person, found.keyring, acts=term is not None)
    if area is None or agency is None or not known:
        return None
    others = tuple(each for each in found.elsewhere if each.id != person.id)
    return replace(
        found,
        person=person,
        agency=agency,
        area=area,
        roles=roles,
        deputy_until=None if term is None else term.until_at,
        elsewhere=(found.person, *others),
    )
