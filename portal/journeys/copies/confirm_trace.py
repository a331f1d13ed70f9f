"""A second person confirms, with an unused code, that it may be told whose copy something is.

A coordinator, a deputy or an auditor; never whoever asked, nor an administrator; within the hour,
once. From then on the two of them are told (read_trace.py), and the record says
which copies.
"""

from __future__ import annotations

from portal.domain.deeds import Deed, line
from portal.domain.ids import TraceId
from portal.journeys.changed import Changed
from portal.journeys.copies.questions import openers, references_of, trace_of
from portal.journeys.copies.whose_copy import Traced, copies_of
from portal.journeys.deed import doing, looking
from portal.journeys.house import House, Who
from portal.journeys.signing_in.second_factor import spend
from portal.journeys.signing_in.touch import Given
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import areas

ACTION = Action.RECORD_TRACE_CONFIRM


def confirm_trace(house: House, who: Who, trace_id: TraceId, code: Given) -> list[Traced]:
    """The copies, oldest opening first. Raises Refused, CodeRefused, Spoilt, KeyAlarm or Changed;
    then nobody was told anything."""
    area_id = who.actor.area_id
    with looking(house, who.actor, trace_id) as look:
        trace = trace_of(house, look.db, area_id, trace_id, ACTION)
        look.require(ACTION, trace.facts)
        area = areas.load(look.db, area_id)
        if area is None:
            raise Refused(ACTION, Why.NOT_THERE)
        wanted = references_of(look.db, trace, openers(house, look.db, who), ACTION)
        copies = copies_of(house, look.db, area, wanted)
    if not copies:
        raise Changed
    spend(house, who.actor, code)
    with doing(house, who.actor, ACTION, trace_id) as deed:
        deed.require(trace_of(house, deed.db, area_id, trace_id, ACTION).facts)
        deed.note(
            line(
                Deed.TRACE_ANSWERED,
                trace=trace_id,
                person=trace.asked_by,
                copies=[each.reference for each in copies],
                positions=[str(each.position) for each in copies],
            )
        )
    return copies
