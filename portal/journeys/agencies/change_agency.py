"""Change how an agency is reached: secure way, single point of contact, deputy, mailbox, number.

MAPPA rule 13. The line says which of these changed, and a keyed digest of how the agency is
reached now; the words themselves stand in the row, and can be erased with it.
"""

from __future__ import annotations

from dataclasses import fields, replace

from portal.domain.deeds import Deed, line
from portal.domain.facts import InArea
from portal.domain.ids import AgencyId
from portal.domain.people import Agency, system
from portal.journeys.agencies.reaching import Reached, checked
from portal.journeys.changed import Changed
from portal.journeys.deed import Doing, doing
from portal.journeys.house import House, Who
from portal.journeys.keys.reached import reached
from portal.journeys.unacceptable import Unacceptable
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import people
from portal.records.database import reading

ACTION = Action.UNIT_AGENCY_CHANGE
FOLLOWS = (
    "Another area entered this agency, and records how it receives securely. Ask the agency to "
    "have it corrected there."
)


def change_agency(house: House, who: Who, agency_id: AgencyId, typed: Reached) -> Agency:
    """What follows it in other areas is corrected in the same step, with a line in each record.

    Raises Refused, or Unacceptable (any field of Reached; none where nothing changed); Changed
    where an area linked it at the same moment.
    """
    with reading(house.engine) as db:
        following = {each.area_id for each in people.linked_to(db, agency_id)}
    with doing(house, who.actor, ACTION, subject=agency_id, besides=following) as deed:
        deed.require(InArea(who.actor.area_id))
        agency = people.load_agency(deed.db, deed.area_id, agency_id)
        if agency is None:
            raise Refused(ACTION, Why.NOT_THERE)
        now = checked(deed.db, deed.area_id, typed)
        changed = [
            field.name
            for field in fields(now)
            if getattr(now, field.name) != getattr(agency, field.name)
        ]
        if not changed:
            raise Unacceptable("", "Nothing is different from what was recorded.")
        if agency.source_id is not None and "secure_way" in changed:
            raise Unacceptable("secure_way", FOLLOWS)
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
        if "secure_way" in changed:
            _correct_elsewhere(deed, agency)
    return agency


def _correct_elsewhere(deed: Doing, source: Agency) -> None:
    for linked in people.linked_to(deed.db, source.id):
        if linked.area_id not in deed.locked:
            raise Changed
        there = deed.beside(system(linked.area_id), Deed.AGENCY_CHANGED)
        now = replace(linked, secure_way=source.secure_way)
        people.change_agency(there.db, now)
        there.note(
            line(
                Deed.AGENCY_CHANGED,
                agency=now.id,
                changed=["secure_way"],
                reached=reached(deed.house, now),
            )
        )
