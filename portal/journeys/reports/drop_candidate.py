"""Whoever saw what was found in their file may stop: it is dropped at once, and given to nobody.

The same for a report of an agency and for minutes that the unit chose as a file. Nothing of the
file is kept, the original neither; the line says that it was not handed in.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection

from portal.domain.deeds import Deed, line
from portal.domain.facts import Facts
from portal.domain.ids import RequestId, SlotId
from portal.journeys.changed import Changed
from portal.journeys.deed import doing
from portal.journeys.house import House, Who
from portal.journeys.meetings.facts import minutes_facts
from portal.journeys.minutes.examine_minutes import subject_of
from portal.journeys.reports.asked import asked
from portal.journeys.reports.candidate import forget_payloads
from portal.journeys.reports.right_person import GONE
from portal.policy.actions import Action
from portal.records import candidates

REPORT = Action.AGENCY_REPORT_UPLOAD
MINUTES = Action.UNIT_MINUTES_FILE


def drop_report(house: House, who: Who, request_id: RequestId, candidate_id: str) -> None:
    """Drop the file that the page showed. Raises Refused, or Changed when it is no longer there."""
    area_id = who.actor.area_id
    _drop(
        house,
        who,
        REPORT,
        request_id,
        candidate_id,
        lambda db: asked(db, area_id, request_id, REPORT).facts,
    )


def drop_minutes(house: House, who: Who, slot_id: SlotId, candidate_id: str) -> None:
    """Drop the file that the page showed. Raises as above."""
    area_id = who.actor.area_id
    _drop(
        house,
        who,
        MINUTES,
        subject_of(slot_id),
        candidate_id,
        lambda db: minutes_facts(db, area_id, slot_id, MINUTES),
    )


def _drop(
    house: House,
    who: Who,
    action: Action,
    subject: RequestId,
    candidate_id: str,
    facts: Callable[[Connection], Facts],
) -> None:
    with doing(house, who.actor, action, subject) as deed:
        deed.require(facts(deed.db))
        left = candidates.load(deed.db, deed.area_id, subject, who.actor.person_id)
        if left is None or left.id != candidate_id:
            raise Changed(GONE)
        candidates.drop(deed.db, deed.area_id, left.id)
        deed.note(line(Deed.FILE_DROPPED, subject=subject))
    forget_payloads(house, left.payloads)
