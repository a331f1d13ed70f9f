"""Whoever chose a file looks at its pages as they became, before anybody is given them.

The same for a report of an agency and for minutes that the unit chose as a file. The pages are
drawn of the file that waits, sealed to them alone; each look leaves its line first.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection

from portal.documents.render import Picture, draw
from portal.domain.deeds import Deed, line
from portal.domain.facts import Facts
from portal.domain.ids import RequestId, SlotId
from portal.journeys.deed import doing
from portal.journeys.house import House, Who
from portal.journeys.meetings.facts import minutes_facts
from portal.journeys.minutes.examine_minutes import subject_of
from portal.journeys.reports.asked import asked
from portal.journeys.reports.candidate import current, open_candidate
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.policy.verdict import Why

REPORT = Action.AGENCY_REPORT_UPLOAD
MINUTES = Action.UNIT_MINUTES_FILE


def see_page_of_report(house: House, who: Who, request_id: RequestId, sheet: int) -> Picture:
    """The picture of page `sheet`, from 1.

    Raises Refused, also where there is no such page; Spoilt, RefusedPaper, RoomFull or a
    StorageError.
    """
    area_id = who.actor.area_id
    return _seen(
        house,
        who,
        REPORT,
        request_id,
        sheet,
        lambda db: asked(db, area_id, request_id, REPORT).facts,
    )


def see_page_of_minutes(house: House, who: Who, slot_id: SlotId, sheet: int) -> Picture:
    """The picture of page `sheet`, from 1. Raises as above."""
    area_id = who.actor.area_id
    return _seen(
        house,
        who,
        MINUTES,
        subject_of(slot_id),
        sheet,
        lambda db: minutes_facts(db, area_id, slot_id, MINUTES),
    )


def _seen(
    house: House,
    who: Who,
    action: Action,
    subject: RequestId,
    sheet: int,
    facts: Callable[[Connection], Facts],
) -> Picture:
    with doing(house, who.actor, action, subject) as deed:
        deed.require(facts(deed.db))
        left = current(deed.db, who, subject, deed.now)
        if left is None or not 1 <= sheet <= left.pages:
            raise Refused(action, Why.NOT_THERE)
        deed.note(line(Deed.FILE_PAGE_SEEN, subject=subject, sheet=sheet))
    with house.reading_room.seat():
        return draw(open_candidate(house, who, left), sheet)
