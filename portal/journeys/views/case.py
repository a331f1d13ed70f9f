"""One case: its clear columns and the meetings at which it was or will be heard."""

from __future__ import annotations

from dataclasses import dataclass

from portal.domain.cases import Case
from portal.domain.facts import InArea
from portal.domain.ids import CaseId
from portal.domain.meetings import Slot
from portal.domain.people import Agency
from portal.journeys.deed import looking
from portal.journeys.house import House, Who
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import cases, meetings, people


@dataclass(frozen=True)
class CasePage:
    """Meetings newest first."""

    case: Case
    lead_agency: Agency
    slots: tuple[Slot, ...]


def case_page(house: House, who: Who, case_id: CaseId) -> CasePage:
    """Without the name: that is read by `read_case`. Raises Refused."""
    area_id, action = who.actor.area_id, Action.UNIT_CASE_READ
    with looking(house, who.actor, subject=case_id) as look:
        look.require(action, InArea(area_id))
        case = cases.load(look.db, area_id, case_id)
        lead = None if case is None else people.load_agency(look.db, area_id, case.lead_agency_id)
        if case is None or lead is None:
            raise Refused(action, Why.NOT_THERE)
        slots = meetings.slots_of_case(look.db, area_id, case_id)
    return CasePage(case, lead, tuple(reversed(slots)))
