"""One question whose copy something is, for those who may confirm it; and the list of them.

Why it was asked is sealed, so each reading leaves its line first. Whose copy it is, is told to the
two who asked and confirmed, and to nobody before.
"""

from __future__ import annotations

from dataclasses import dataclass

from portal.domain.deeds import Deed, line
from portal.domain.facts import InArea
from portal.domain.ids import TraceId
from portal.domain.tracing import Trace
from portal.journeys.copies.questions import openers, reason_of, trace_of, traces_of
from portal.journeys.copies.whose_copy import Traced, copies_of
from portal.journeys.deed import doing, looking
from portal.journeys.house import House, Who
from portal.policy.actions import Action
from portal.policy.judge import may
from portal.policy.verdict import Why
from portal.records import areas, people

ACTION = Action.RECORD_TRACE_READ


@dataclass(frozen=True)
class TraceRow:
    """One question on the list. `over`: nobody confirmed it within the hour."""

    trace: Trace
    asked_by: str
    over: bool


@dataclass(frozen=True)
class TraceList:
    """Newest first. `may_ask`: this person may ask."""

    rows: tuple[TraceRow, ...]
    may_ask: bool


@dataclass(frozen=True)
class ReadTrace:
    """A question. `reason`: None where it cannot be read. `why_not`: why this person may not
    confirm; `over`: nobody may any more. `copies` are told to the two alone."""

    trace: Trace
    asked_by: str
    confirmed_by: str
    reason: str | None
    why_not: Why | None
    over: bool
    told: bool
    copies: tuple[Traced, ...]


def list_traces(house: House, who: Who) -> TraceList:
    """Raises Refused, or Spoilt where a line is not proven."""
    area_id = who.actor.area_id
    with looking(house, who.actor) as look:
        look.require(ACTION, InArea(area_id))
        names = {each.id: each.name for each in people.of_area(look.db, area_id).values()}
        rows = tuple(
            TraceRow(
                trace,
                names.get(trace.asked_by, ""),
                trace.answer is None and look.now >= trace.confirm_before,
            )
            for trace in traces_of(house, look.db, area_id)
        )
        return TraceList(rows, look.may(Action.DECIDE_TRACE_ASK, InArea(area_id)))


def read_trace(house: House, who: Who, trace_id: TraceId) -> ReadTrace:
    """Raises Refused, KeyAlarm, or Spoilt where a line is not proven."""
    area_id = who.actor.area_id
    with doing(house, who.actor, ACTION, trace_id) as deed:
        deed.require(InArea(area_id))
        trace = trace_of(house, deed.db, area_id, trace_id, ACTION)
        deed.note(line(Deed.TRACE_READ, trace=trace_id))
    with looking(house, who.actor, trace_id) as look:
        told, copies = trace.is_told(who.actor.person_id), []
        area = areas.load(look.db, area_id)
        if told and trace.answer is not None and area is not None:
            copies = copies_of(house, look.db, area, trace.answer.copies)
        by = trace.answer.confirmed_by if trace.answer is not None else None
        asker = people.load(look.db, area_id, trace.asked_by)
        second = None if by is None else people.load(look.db, area_id, by)
        return ReadTrace(
            trace=trace,
            asked_by="" if asker is None else asker.name,
            confirmed_by="" if second is None else second.name,
            reason=reason_of(look.db, trace, openers(house, look.db, who)),
            why_not=may(who.actor, Action.RECORD_TRACE_CONFIRM, trace.facts, look.now).why,
            over=look.now >= trace.confirm_before,
            told=told,
            copies=tuple(copies),
        )
