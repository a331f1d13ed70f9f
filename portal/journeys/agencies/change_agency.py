"""Change how an agency is reached: secure way, single point of contact, deputy, mailbox, number.

MAPPA rule 13. The line says which of these changed, and a keyed digest of how the agency is
reached now; the words themselves stand in the row, and can be erased with it.
"""

from __future__ import annotations

from dataclasses import fields, replace

from portal.domain.deeds import Deed, line
from portal.domain.facts import InArea
from portal.domain.ids import AgencyId
from portal.domain.people import Agency
from portal.journeys.agencies.reaching import Reached, checked
from portal.journeys.deed import doing
from portal.journeys.house import House, Who
from portal.journeys.keys.reached import reached
from portal.journeys.unacceptable import Unacceptable
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import people

ACTION = Action.UNIT_AGENCY_CHANGE


def change_agency(house: House, who: Who, agency_id: AgencyId, typed: Reached) -> Agency:
    """Raises Refused, or Unacceptable (any field of Reached; none where nothing changed)."""
    with doing(house, who.actor, ACTION, subject=agency_id) as deed:
        deed.require(InArea(who.actor.area_id))
        agency = people.load_agency(deed.db, deed.area_id, agency_id)
        if agency is None:
            raise Refused(ACTION, Why.NOT_THERE)
        now = checked(deed.db, typed)
        changed = [
            field.name
            for field in fields(now)
            if getattr(now, field.name) != getattr(agency, field.name)
        ]
        if not changed:
            raise Unacceptable("", "Nothing is different from what was recorded.")
        agency = replace(agency, **{name: getattr(now, name) for name in changed})
        people.change_agency(deed.db, agency)
        deed.note(
            line(
                Deed.AGENCY_CHANGED,
                agency=agency.id,
                changed=changed,
                reached=reached(house, agency),
            )
        )
    return agency
