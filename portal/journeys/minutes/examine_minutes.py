"""The unit chooses a file for the minutes of a slot: it is examined, and is nobody's draft yet.

As with a report, whoever chose it sees what was found in it before anybody is given it, and may
stop. Until then it is kept for them alone, with the original beside it; a refused file leaves its
line, and no bytes anywhere.
"""

from __future__ import annotations

from portal.documents.intake import Accepted, examine
from portal.documents.refusal import RefusedPaper
from portal.documents.scan import Scanner
from portal.domain.deeds import Deed, line
from portal.domain.ids import RequestId, SlotId
from portal.journeys.deed import doing, looking
from portal.journeys.house import House, Who
from portal.journeys.meetings.facts import minutes_facts
from portal.journeys.minutes.filing import before_filing
from portal.journeys.reports.candidate import keep_candidate
from portal.journeys.reports.choose_unscanned import scanner_of
from portal.policy.actions import Action

ACTION = Action.UNIT_MINUTES_FILE


def examine_minutes(
    house: House, who: Who, slot_id: SlotId, clear: bytes, password: str = ""
) -> str:
    """Examine the file and keep it in place of what they chose before; returns which it is.

    A `password` opens a locked file this once, and is kept nowhere.

    Raises RefusedPaper with words, Refused once the chair has approved, RoomFull, KeyAlarm or
    StorageUnavailable.
    """
    area_id = who.actor.area_id
    with looking(house, who.actor, slot_id) as look:
        look.require(ACTION, minutes_facts(look.db, area_id, slot_id, ACTION))
        before_filing(house, look.db, area_id, slot_id, ACTION)
        scanner = scanner_of(house, look.db, area_id)
    with house.examining_room.seat(who.actor.person_id):
        accepted = _examined(house, who, slot_id, clear, scanner, password)
        return keep_candidate(
            house,
            who,
            ACTION,
            subject_of(slot_id),
            accepted,
            clear,
            lambda db: minutes_facts(db, area_id, slot_id, ACTION),
        )


def subject_of(slot_id: SlotId) -> RequestId:
    """Under what a file for the minutes waits: nobody asked for it, so it is the slot itself."""
    return RequestId(slot_id)


def _examined(
    house: House, who: Who, slot_id: SlotId, clear: bytes, scanner: Scanner, password: str
) -> Accepted:
    try:
        return examine(clear, house.limits, scanner=scanner, password=password)
    except RefusedPaper as refused:
        with doing(house, who.actor, ACTION, slot_id) as deed:
            deed.require(minutes_facts(deed.db, deed.area_id, slot_id, ACTION))
            deed.note(
                line(Deed.FILE_REFUSED, subject=slot_id, code=refused.code.value, size=len(clear))
            )
        raise
