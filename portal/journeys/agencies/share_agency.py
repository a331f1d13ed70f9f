"""A prison or a national agency serves several areas: it is entered once, and others link to it.

Others see its name and what it is, and nothing else, until they link it (link_agency.py). Whether
any has done so is not told.
"""

from __future__ import annotations

from portal.domain.deeds import Deed, line
from portal.domain.facts import InArea
from portal.domain.ids import AgencyId
from portal.journeys.deed import doing
from portal.journeys.house import House, Who
from portal.journeys.unacceptable import Unacceptable
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import people

ACTION = Action.UNIT_AGENCY_CHANGE


def share_agency(house: House, who: Who, agency_id: AgencyId, *, shared: bool) -> None:
    """Let other areas link it, or let no further one. Raises Refused; Unacceptable where another
    area entered it, or nothing would change."""
    with doing(house, who.actor, ACTION, subject=agency_id) as deed:
        deed.require(InArea(who.actor.area_id))
        agency = people.load_agency(deed.db, deed.area_id, agency_id)
        if agency is None:
            raise Refused(ACTION, Why.NOT_THERE)
        if agency.source_id is not None:
            raise Unacceptable("", "Another area entered this agency. Only it can offer it.")
        if agency.shared is shared:
            raise Unacceptable("", "Nothing is different from what was recorded.")
        people.share_agency(deed.db, deed.area_id, agency_id, shared)
        deed.note(line(Deed.AGENCY_SHARED, agency=agency_id, shared=shared))
