"""The unit's board: meeting days on a line, one row a case, and what waits for a decision."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from portal.domain.cases import Case
from portal.domain.clocks import london
from portal.domain.colleagues import Certified
from portal.domain.facts import InArea
from portal.domain.grants import SendingKind
from portal.domain.ids import SlotId
from portal.domain.meetings import MeetingDay, Slot
from portal.journeys.agencies.to_certify import due_in
from portal.journeys.deed import looking
from portal.journeys.house import House, Who
from portal.journeys.restricted.about import hidden, hidden_days
from portal.journeys.views.letters import undelivered_to_see
from portal.policy.actions import Action
from portal.records import board, cases, meetings, people
from portal.records.board import Asked, SendingTally, Tally, Waiting

BACK = timedelta(weeks=12)
"""How long a meeting that is over stays on the board."""


class MinutesState(StrEnum):
    """How far the minutes of a slot have come."""

    NOT_FILED = "not_filed"
    WITH_CHAIR = "with_chair"
    APPROVED = "approved"
    SENT = "sent"


@dataclass(frozen=True)
class SlotRow:
    """One case at one meeting. `pack` counts those who opened of those who may; None: not sent."""

    slot: Slot
    case: Case
    invited: int
    reports: Tally
    pack: Tally | None
    locked: bool
    minutes: MinutesState


@dataclass(frozen=True)
class DayRow:
    """A meeting day with its cases, in order."""

    day: MeetingDay
    rows: tuple[SlotRow, ...]


@dataclass(frozen=True)
class Board:
    """What is to come (next first), what was (newest first), what waits, how many letters did not
    arrive, and of how many people which agency has not said for a month that they are here."""

    coming: tuple[DayRow, ...]
    past: tuple[DayRow, ...]
    waiting: tuple[Waiting, ...]
    disclosures: tuple[Asked, ...]
    undelivered: int
    uncertified: tuple[tuple[str, int], ...]


def today(house: House, who: Who) -> Board:
    """Thirteen queries, however much there is. Raises Refused for whoever is not of the unit."""
    area_id = who.actor.area_id
    with looking(house, who.actor) as look:
        look.require(Action.UNIT_BOARD_READ, InArea(area_id))
        since = look.now - BACK
        unseen = hidden(look)
        days = [day for day in meetings.days_of(look.db, area_id) if day.starts_at >= since]
        heard = meetings.slots_of_area(look.db, area_id)
        empty = hidden_days(heard, unseen)
        days = [day for day in days if day.id not in empty]
        seen = {slot.id: slot for slot in heard if slot.case_id not in unseen}
        slots = [slot for slot in seen.values() if slot.starts_at >= since]
        known = cases.of_area(look.db, area_id)
        reports = board.reports(look.db, area_id, since)
        sent = board.sent(look.db, area_id, since)
        progress = board.progress(look.db, area_id, since)
        waiting = tuple(board.waiting_for_key(look.db, area_id))
        waits = board.disclosures_asked(look.db, area_id)
        asked = tuple(each for each in waits if each.slot_id in seen)
        lost = len(undelivered_to_see(look, unseen))
        late = due_in(look.db, area_id, look.now, frozenset({Certified.OVERDUE}))
        agencies = people.agencies_of(look.db, area_id)
        now = look.now
    packs, minutes_sent = _by_slot(sent)
    rows = [
        DayRow(
            day,
            tuple(
                SlotRow(
                    slot=slot,
                    case=known[slot.case_id],
                    invited=progress[slot.id].invited,
                    reports=reports.get(slot.id, Tally(0, 0)),
                    pack=packs.get(slot.id),
                    locked=progress[slot.id].locked,
                    minutes=minutes_state(progress[slot.id].approved, slot.id in minutes_sent),
                )
                for slot in slots
                if slot.meeting_day_id == day.id
            ),
        )
        for day in days
    ]
    return Board(
        coming=tuple(row for row in rows if not is_over(row.day.starts_at, now)),
        past=tuple(row for row in reversed(rows) if is_over(row.day.starts_at, now)),
        waiting=waiting,
        disclosures=asked,
        undelivered=lost,
        uncertified=tuple((agencies[each].name, late[each]) for each in agencies if late[each]),
    )


def is_over(starts_at: datetime, now: datetime) -> bool:
    """A meeting is over on the day after it, by London's clocks."""
    return london(starts_at).date() < london(now).date()


def minutes_state(approved: bool | None, sent: bool) -> MinutesState:
    """`approved` is None where no minutes are filed."""
    if sent:
        return MinutesState.SENT
    if approved is None:
        return MinutesState.NOT_FILED
    return MinutesState.APPROVED if approved else MinutesState.WITH_CHAIR


def _by_slot(sent: Iterable[SendingTally]) -> tuple[dict[SlotId, Tally], set[SlotId]]:
    """The newest pack of each slot that somebody may still open, and slots whose minutes went."""
    packs: dict[SlotId, Tally] = {}
    minutes: set[SlotId] = set()
    for sending in sent:
        if not sending.people:
            continue
        if sending.kind is SendingKind.PACK:
            packs[sending.slot_id] = Tally(sending.opened, sending.people)
        elif sending.kind is SendingKind.MINUTES:
            minutes.add(sending.slot_id)
    return packs, minutes
