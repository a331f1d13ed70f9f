"""The list of requests to pass papers on, for those who decide: what waits, and for how long."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from portal.domain.clocks import london
from portal.domain.disclosures import DisclosureState, waiting_days
from portal.domain.ids import DisclosureId
from portal.domain.papers import called
from portal.journeys.deed import looking
from portal.journeys.house import House, Who
from portal.journeys.restricted.about import about_no_one_case, hidden_slots
from portal.policy.actions import Action
from portal.records import cases, disclosures, meetings, papers, people


@dataclass(frozen=True)
class DisclosureLine:
    """One request. `days`: how long it waits, while it does. `own`: asked by, or for, the person
    who looks, so that another coordinator decides; `asked_it` says which of the two."""

    id: DisclosureId
    reference: str
    title: str
    asker: str
    asking_agency: str
    receiver: str
    receiving_agency: str
    state: DisclosureState
    asked_at: datetime
    decided_at: datetime | None
    number: str | None
    days: int
    asked_it: bool
    own: bool


def disclosure_list(house: House, who: Who) -> tuple[DisclosureLine, ...]:
    """Every request of the area: those that wait first, the longest-waiting on top, then the
    decided ones, newest first. Raises Refused for anybody who does not decide."""
    area_id, action = who.actor.area_id, Action.DECIDE_DISCLOSURE_READ
    with looking(house, who.actor) as look:
        look.require(action, about_no_one_case(who.actor.area_id))
        found = disclosures.in_area(look.db, area_id)
        kept_from = hidden_slots(look)
        found = [each for each in found if each.slot_id not in kept_from]
        slots = {slot.id: slot for slot in meetings.slots_of_area(look.db, area_id)}
        heard = cases.of_area(look.db, area_id)
        known = people.of_area(look.db, area_id)
        agencies = people.agencies_of(look.db, area_id)
        wanted = papers.documents_by_version(look.db, area_id, [each.version_id for each in found])
    today = london(look.now).date()
    me = who.actor.person_id
    lines = [
        DisclosureLine(
            id=each.id,
            reference=heard[slots[each.slot_id].case_id].reference,
            title=called(
                wanted[each.version_id].form_code,
                agencies[wanted[each.version_id].owner_agency_id].name,
            ),
            asker=known[each.asked_by].name,
            asking_agency=agencies[each.asked_agency_id].name,
            receiver=known[each.receiver_id].name,
            receiving_agency=agencies[known[each.receiver_id].agency_id].name,
            state=each.state,
            asked_at=each.asked_at,
            decided_at=each.decided_at,
            number=each.number,
            days=waiting_days(london(each.asked_at).date(), today),
            asked_it=each.asked_by == me,
            own=me in (each.asked_by, each.receiver_id),
        )
        for each in found
    ]
    waiting = [line for line in lines if line.decided_at is None]
    decided = [line for line in lines if line.decided_at is not None]
    decided.sort(key=lambda line: line.decided_at or line.asked_at, reverse=True)
    return (*waiting, *decided)
