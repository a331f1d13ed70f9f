"""The unit files the minutes of a slot: a draft, until the chair approves it (rule 50).

Filing again replaces it, and an approval given to an earlier version does not carry over. Minutes
that are written in the portal are filed by `set_minutes`.
"""

from __future__ import annotations

from portal.documents.intake import Accepted, examine
from portal.documents.refusal import RefusedPaper
from portal.documents.scan import Scanner
from portal.domain.deeds import Deed, line
from portal.domain.ids import SlotId
from portal.journeys.deed import doing, looking
from portal.journeys.house import House, Who
from portal.journeys.meetings.facts import minutes_facts
from portal.journeys.minutes.filing import before_filing, file_draft, seal_draft
from portal.journeys.reports.choose_unscanned import scanner_of
from portal.policy.actions import Action

ACTION = Action.UNIT_MINUTES_FILE


def file_minutes(
    house: House, who: Who, slot_id: SlotId, clear: bytes, password: str = ""
) -> Accepted:
    """File these bytes as the draft; returns what was found and removed.

    A `password` opens a locked PDF this once, and is kept nowhere.

    Raises RefusedPaper with words (the refusal stands in the ledger, the bytes nowhere), Refused
    once the chair has approved, Changed.
    """
    area_id = who.actor.area_id
    with looking(house, who.actor, slot_id) as look:
        look.require(ACTION, minutes_facts(look.db, area_id, slot_id, ACTION))
        before = before_filing(house, look.db, area_id, slot_id, ACTION)
        scanner = scanner_of(house, look.db, area_id)
    with house.reading_room.seat():
        accepted = _examined(house, who, slot_id, clear, scanner, password)
    prepared = seal_draft(
        house, who, before, accepted.pdf_clear, pages=accepted.pages, scan=accepted.scan
    )
    with doing(house, who.actor, ACTION, slot_id) as deed:
        deed.require(minutes_facts(deed.db, area_id, slot_id, ACTION))
        file_draft(deed, before, prepared, ACTION)
    return accepted


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
