"""One case: its clear columns and the meetings at which it was or will be heard."""

from __future__ import annotations

from dataclasses import dataclass

from portal.domain.cases import Case
from portal.domain.ids import CaseId
from portal.domain.meetings import Slot
from portal.domain.people import Agency
from portal.domain.restricted import Concern
from portal.journeys.deed import looking
from portal.journeys.house import House, Who
from portal.journeys.restricted.about import about
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import cases, meetings, people, restrictions


@dataclass(frozen=True)
class CasePage:
    """Meetings newest first. `concern`: why it is restricted; None where it is not; then
    `may_change_holders`: whether who looks may say who holds it."""

    case: Case
    lead_agency: Agency
    slots: tuple[Slot, ...]
    concern: Concern | None
    may_change_holders: bool


def case_page(house: House, who: Who, case_id: CaseId) -> CasePage:
    """Without the name: that is read by `read_case`. Raises Refused."""
    area_id, action = who.actor.area_id, Action.UNIT_CASE_READ
    with looking(house, who.actor, subject=case_id) as look:
        look.require(action, about(look, case_id))
        case = cases.load(look.db, area_id, case_id)
        lead = None if case is None else people.load_agency(look.db, area_id, case.lead_agency_id)
        if case is None or lead is None:
            raise Refused(action, Why.NOT_THERE)
        slots = meetings.slots_of_case(look.db, area_id, case_id)
        key = restrictions.key_of(look.db, area_id, case_id)
        may = look.may(Action.DECIDE_HOLDERS_CHANGE, about(look, case_id))
    concern = None if key is None else key.concern
    return CasePage(case, lead, tuple(reversed(slots)), concern, may)
