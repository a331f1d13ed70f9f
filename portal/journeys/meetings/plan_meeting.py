"""Plan a meeting day: when, how it is held, and which cases are heard, in order (MAPPA rule 1).

Each case becomes a slot of its own, with its own invitations, pack, attendance and minutes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from portal.chance import new_id
from portal.domain.clocks import from_london
from portal.domain.deeds import Deed, line
from portal.domain.facts import InArea
from portal.domain.ids import CaseId, MeetingDayId, SlotId
from portal.domain.meetings import MeetingDay, Mode, Slot, SlotKind
from portal.journeys.deed import doing
from portal.journeys.house import House, Who
from portal.journeys.restricted.about import seen_cases
from portal.journeys.unacceptable import Unacceptable
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import meetings

APART = timedelta(minutes=30)
"""Between the starts of two cases, where no time is given."""


@dataclass(frozen=True)
class Heard:
    """One case to be heard; without `at` it starts 30 minutes after the one before."""

    case_id: CaseId
    kind: SlotKind
    at: time | None = None


@dataclass(frozen=True)
class Planned:
    """The day and its slots, in order."""

    day: MeetingDay
    slots: tuple[Slot, ...]


def plan_meeting(
    house: House, who: Who, on: date, at: time, mode: Mode, heard: Sequence[Heard]
) -> Planned:
    """`on` and `at` are London's. Raises Refused, or Unacceptable (`on`, `at`, `cases`)."""
    action = Action.UNIT_MEETING_PLAN
    opening, starts = _start_times(on, at, heard)
    with doing(house, who.actor, action) as deed:
        deed.require(InArea(who.actor.area_id))
        if opening <= deed.now:
            raise Unacceptable("on", "The meeting must be in the future.")
        known = seen_cases(deed)
        if any(entry.case_id not in known for entry in heard):
            raise Refused(action, Why.NOT_THERE)
        day = MeetingDay(MeetingDayId(new_id()), deed.area_id, opening, mode, deed.now)
        slots = tuple(
            Slot(
                id=SlotId(new_id()),
                area_id=deed.area_id,
                meeting_day_id=day.id,
                case_id=entry.case_id,
                position=position,
                kind=entry.kind,
                starts_at=start,
            )
            for position, (entry, start) in enumerate(zip(heard, starts, strict=True), 1)
        )
        meetings.save_day(deed.db, day)
        for slot in slots:
            meetings.save_slot(deed.db, slot)
        deed.note(
            line(
                Deed.MEETING_DAY_PLANNED,
                meeting_day=day.id,
                cases=[entry.case_id for entry in heard],
            )
        )
    return Planned(day, slots)


def _start_times(on: date, at: time, heard: Sequence[Heard]) -> tuple[datetime, list[datetime]]:
    if not heard:
        raise Unacceptable("cases", "Choose at least one case.")
    if len({entry.case_id for entry in heard}) != len(heard):
        raise Unacceptable("cases", "Each case can be heard once at a meeting.")
    opening = from_london(on, at.hour, at.minute)
    starts: list[datetime] = []
    for entry in heard:
        if entry.at is not None:
            start = from_london(on, entry.at.hour, entry.at.minute)
        else:
            start = starts[-1] + APART if starts else opening
        if start < opening or (starts and start <= starts[-1]):
            raise Unacceptable("cases", "The cases' times must follow each other.")
        starts.append(start)
    return opening, starts
