"""The unit's list of cases, found by name or reference; the search runs in memory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from portal.domain.cases import Case
from portal.domain.facts import InArea
from portal.domain.ids import CaseId
from portal.domain.people import Agency
from portal.journeys.deed import looking
from portal.journeys.house import House, Who
from portal.journeys.restricted.about import seen_cases
from portal.policy.actions import Action
from portal.records import meetings, people


@dataclass(frozen=True)
class CaseRow:
    """A case as the list shows it; `next_at` is its next meeting, if one is planned."""

    case: Case
    name: str
    lead_agency: str
    next_at: datetime | None


def case_rows(
    house: House, who: Who, names: Mapping[CaseId, str], find: str = ""
) -> tuple[CaseRow, ...]:
    """Those whose name or reference holds every word of `find`, whatever its capitals.

    `names` are those of `read_names`. Raises Refused.
    """
    area_id = who.actor.area_id
    with looking(house, who.actor) as look:
        look.require(Action.UNIT_NAMES_READ, InArea(area_id))
        known = seen_cases(look)
        agencies = people.agencies_of(look.db, area_id)
        next_at: dict[CaseId, datetime] = {}
        for slot in meetings.slots_of_area(look.db, area_id):
            if slot.starts_at > look.now:
                next_at.setdefault(slot.case_id, slot.starts_at)
    words = find.casefold().split()
    return tuple(
        CaseRow(case, name, agencies[case.lead_agency_id].name, next_at.get(case.id))
        for case in known.values()
        for name in [names.get(case.id, "")]
        if all(word in f"{name} {case.reference}".casefold() for word in words)
    )


def agencies_to_lead(house: House, who: Who) -> tuple[Agency, ...]:
    """Who can lead a case: every agency of the area. Raises Refused."""
    with looking(house, who.actor) as look:
        look.require(Action.UNIT_CASE_OPEN, InArea(who.actor.area_id))
        return tuple(people.agencies_of(look.db, who.actor.area_id).values())
