"""One meeting day and its cases; and the cases from which a new day is planned."""

from __future__ import annotations

from dataclasses import dataclass

from portal.domain.cases import Case
from portal.domain.facts import InArea
from portal.domain.ids import MeetingDayId
from portal.domain.meetings import MeetingDay, Slot
from portal.journeys.deed import looking
from portal.journeys.house import House, Who
from portal.journeys.restricted.about import about_no_one_case, seen_cases
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import board, meetings
from portal.records.board import Tally


@dataclass(frozen=True)
class HeardRow:
    """One case of the day."""

    slot: Slot
    case: Case
    invited: int
    reports: Tally


@dataclass(frozen=True)
class MeetingPage:
    """A day with its cases, in order."""

    day: MeetingDay
    rows: tuple[HeardRow, ...]


def meeting_page(house: House, who: Who, day_id: MeetingDayId) -> MeetingPage:
    """Raises Refused."""
    area_id, action = who.actor.area_id, Action.UNIT_MEETING_READ
    with looking(house, who.actor, subject=day_id) as look:
        look.require(action, about_no_one_case(who.actor.area_id))
        day = meetings.load_day(look.db, area_id, day_id)
        if day is None:
            raise Refused(action, Why.NOT_THERE)
        slots = meetings.slots_of_day(look.db, area_id, day_id)
        known = seen_cases(look)
        if slots and not any(slot.case_id in known for slot in slots):
            raise Refused(action, Why.NOT_THERE)
        progress = board.progress(look.db, area_id, day.starts_at)
        reports = board.reports(look.db, area_id, day.starts_at)
    return MeetingPage(
        day,
        tuple(
            HeardRow(
                slot,
                known[slot.case_id],
                progress[slot.id].invited,
                reports.get(slot.id, Tally(0, 0)),
            )
            for slot in slots
            if slot.case_id in known
        ),
    )


def cases_to_hear(house: House, who: Who) -> tuple[Case, ...]:
    """Every case that may be heard at a meeting, by reference. Raises Refused."""
    with looking(house, who.actor) as look:
        look.require(Action.UNIT_MEETING_PLAN, InArea(who.actor.area_id))
        return tuple(seen_cases(look).values())
