"""A coordinator places or lifts a legal hold on a case, with a reason (rule 79).

While it stands, nothing that was sent in this case is disposed of. It gives nobody access.
"""

from __future__ import annotations

from dataclasses import dataclass

from portal.domain.cases import Case
from portal.domain.deeds import Deed, line
from portal.domain.disposal import LONGEST_REASON, SHORTEST_REASON
from portal.domain.ids import CaseId
from portal.journeys.changed import Changed
from portal.journeys.deed import doing, looking
from portal.journeys.digests import field_at, keep_text, salted
from portal.journeys.house import House, Who
from portal.journeys.keys.unit_of import unit_behind
from portal.journeys.meetings.holding import FIELD, Hold, hold_on
from portal.journeys.restricted.about import about
from portal.journeys.unacceptable import Unacceptable
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import cases, people


@dataclass(frozen=True)
class HoldPage:
    """A case and the hold on it, where one stands."""

    case: Case
    hold: Hold | None
    placed_by: str
    may_decide: bool


def hold_page(house: House, who: Who, case_id: CaseId) -> HoldPage:
    """Raises Refused."""
    action, area_id = Action.UNIT_CASE_READ, who.actor.area_id
    with looking(house, who.actor, case_id) as look:
        look.require(action, about(look, case_id))
        case = cases.load(look.db, area_id, case_id)
        if case is None:
            raise Refused(action, Why.NOT_THERE)
        hold = hold_on(house, look.db, area_id, case_id)
        by = None if hold is None else people.load(look.db, area_id, hold.placed_by)
        may = look.may(Action.DECIDE_HOLD_PLACE, about(look, case_id))
        return HoldPage(case, hold, "" if by is None else by.name, may)


def place_hold(house: House, who: Who, case_id: CaseId, reason: str) -> None:
    """Raises Unacceptable (`reason`), Changed where one stands already, Refused."""
    _note(house, who, case_id, reason, lift=False)


def lift_hold(house: House, who: Who, case_id: CaseId, reason: str) -> None:
    """Raises Unacceptable (`reason`), Changed where none stands, Refused."""
    _note(house, who, case_id, reason, lift=True)


def _note(house: House, who: Who, case_id: CaseId, reason: str, *, lift: bool) -> None:
    action = Action.DECIDE_HOLD_LIFT if lift else Action.DECIDE_HOLD_PLACE
    text = reason.strip()
    if not SHORTEST_REASON <= len(text) <= LONGEST_REASON:
        raise Unacceptable(
            "reason", f"Write why, in {SHORTEST_REASON} to {LONGEST_REASON:,} characters."
        )
    with doing(house, who.actor, action, case_id) as deed:
        deed.require(about(deed, case_id))
        if cases.load(deed.db, deed.area_id, case_id) is None:
            raise Refused(action, Why.NOT_THERE)
        if (hold_on(house, deed.db, deed.area_id, case_id) is None) == lift:
            raise Changed
        given = salted(text)
        unit = unit_behind(house, deed.db, deed.area_id, case_id)
        keep_text(deed, case_id, field_at(FIELD, deed.now), given, [unit.recipient])
        deed.note(
            line(
                Deed.HOLD_LIFTED if lift else Deed.HOLD_PLACED,
                case=case_id,
                reason=given.digest,
            )
        )
