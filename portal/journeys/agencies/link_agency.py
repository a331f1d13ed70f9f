"""An agency that another area entered, and that serves several, is linked instead of entered again.

What it is and its secure way of receiving come with it, and follow what the area that entered it
records (MAPPA rule 13). Whom to ring and where notices go are this area's own. Nothing of the other
area's people comes with it: whoever is to act here is invited, as everybody is.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from portal.chance import new_id
from portal.domain.deeds import Deed, line
from portal.domain.facts import InArea
from portal.domain.ids import AgencyId, AreaId
from portal.domain.people import Agency
from portal.journeys.agencies.reaching import Reached, checked
from portal.journeys.deed import doing, looking
from portal.journeys.house import House, Who
from portal.journeys.keys.reached import reached
from portal.journeys.unacceptable import Unacceptable
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import people
from portal.records.people import Offered

ACTION = Action.UNIT_AGENCY_ADD


@dataclass(frozen=True)
class Local:
    """What this area records of its own. `mailbox` and `deputy` may be empty."""

    spoc: str
    deputy: str
    mailbox: str
    phone: str


def offered_agencies(house: House, who: Who) -> list[Offered]:
    """Those that this area could link, by name: name and kind only. Raises Refused."""
    with looking(house, who.actor) as look:
        look.require(ACTION, InArea(who.actor.area_id))
        return people.offered_to(look.db, who.actor.area_id)


def agency_to_link(house: House, who: Who, agency_id: AgencyId) -> Offered:
    """Raises Refused where it is not offered, or is linked already."""
    with looking(house, who.actor, subject=agency_id) as look:
        look.require(ACTION, InArea(who.actor.area_id))
        return _offered(look.db, who.actor.area_id, agency_id)


def link_agency(house: House, who: Who, agency_id: AgencyId, local: Local) -> Agency:
    """This area's own row of the agency. Raises Refused, or Unacceptable (any field of Local)."""
    with doing(house, who.actor, ACTION, subject=agency_id) as deed:
        deed.require(InArea(who.actor.area_id))
        offered = _offered(deed.db, deed.area_id, agency_id)
        known = people.agencies_of(deed.db, deed.area_id).values()
        if any(agency.name.casefold() == offered.name.casefold() for agency in known):
            raise Unacceptable("", "There is an agency of this name already.")
        typed = checked(
            deed.db,
            deed.area_id,
            Reached("", local.spoc, local.deputy, local.mailbox, local.phone),
        )
        agency = Agency(
            id=AgencyId(new_id()),
            area_id=deed.area_id,
            name=offered.name,
            standing=offered.standing,
            service=offered.service,
            secure_way=people.secure_way_of(deed.db, offered.id),
            spoc=typed.spoc,
            phone=typed.phone,
            created_at=deed.now,
            deputy=typed.deputy,
            mailbox=typed.mailbox,
            source_id=offered.id,
        )
        people.save_agency(deed.db, agency)
        deed.note(
            line(
                Deed.AGENCY_LINKED,
                agency=agency.id,
                standing=agency.standing.value,
                service=agency.service.value,
                reached=reached(house, agency),
            )
        )
    return agency


def _offered(db: Connection, area_id: AreaId, agency_id: AgencyId) -> Offered:
    for offered in people.offered_to(db, area_id):
        if offered.id == agency_id:
            return offered
    raise Refused(ACTION, Why.NOT_THERE)
