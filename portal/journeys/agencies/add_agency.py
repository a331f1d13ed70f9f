"""Add an agency to the area, with its secure way of receiving and its single point of contact.

MAPPA rules 6 and 13: an agency is a responsible authority, has the duty to co-operate, or is an
associate; a third party has no standing here and can't be added.
"""

from __future__ import annotations

from dataclasses import dataclass

from portal.chance import new_id
from portal.domain.deeds import Deed, line
from portal.domain.facts import InArea
from portal.domain.ids import AgencyId
from portal.domain.people import Agency, Service, Standing
from portal.journeys.agencies.reaching import Reached, checked
from portal.journeys.deed import doing
from portal.journeys.house import House, Who
from portal.journeys.keys.reached import reached
from portal.journeys.unacceptable import Unacceptable, required
from portal.policy.actions import Action
from portal.records import people


@dataclass(frozen=True)
class NewAgency:
    """What is typed: see Reached for what may be empty."""

    name: str
    standing: Standing
    service: Service
    secure_way: str
    spoc: str
    phone: str
    deputy: str = ""
    mailbox: str = ""


def add_agency(house: House, who: Who, new: NewAgency) -> Agency:
    """Raises Refused, or Unacceptable (any field of NewAgency)."""
    name = required("name", new.name, "Type the agency's name.")
    with doing(house, who.actor, Action.UNIT_AGENCY_ADD) as deed:
        deed.require(InArea(who.actor.area_id))
        known = people.agencies_of(deed.db, deed.area_id).values()
        if any(agency.name.casefold() == name.casefold() for agency in known):
            raise Unacceptable("name", "There is an agency of this name already.")
        typed = checked(
            deed.db,
            deed.area_id,
            Reached(new.secure_way, new.spoc, new.deputy, new.mailbox, new.phone),
        )
        agency = Agency(
            id=AgencyId(new_id()),
            area_id=deed.area_id,
            name=name,
            standing=new.standing,
            service=new.service,
            secure_way=typed.secure_way,
            spoc=typed.spoc,
            phone=typed.phone,
            created_at=deed.now,
            deputy=typed.deputy,
            mailbox=typed.mailbox,
        )
        people.save_agency(deed.db, agency)
        deed.note(
            line(
                Deed.AGENCY_ADDED,
                agency=agency.id,
                standing=agency.standing.value,
                service=agency.service.value,
                reached=reached(house, agency),
            )
        )
    return agency
