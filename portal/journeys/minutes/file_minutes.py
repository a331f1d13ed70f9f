"""The unit files a file that was examined as the minutes of a slot: a draft, until the chair
approves it (rule 50).

Filing again replaces it, and an approval given to an earlier version does not carry over. The file
as it was chosen is kept beside it as evidence, sealed to the unit, whose minutes they are, for as
long as the area says. Minutes that are written in the portal are filed by `set_minutes`.
"""

from __future__ import annotations

from portal.domain.ids import SlotId
from portal.journeys.changed import Changed
from portal.journeys.deed import doing, looking
from portal.journeys.house import House, Who
from portal.journeys.meetings.facts import minutes_facts
from portal.journeys.minutes.examine_minutes import subject_of
from portal.journeys.minutes.filing import before_filing, file_draft, seal_draft
from portal.journeys.reports.candidate import current, forget_payloads, open_candidate
from portal.journeys.reports.choose_unscanned import require_taken
from portal.journeys.reports.evidence import keep_original, seal_original
from portal.journeys.reports.right_person import GONE
from portal.policy.actions import Action
from portal.records import candidates

ACTION = Action.UNIT_MINUTES_FILE


def file_minutes(house: House, who: Who, slot_id: SlotId, candidate_id: str) -> None:
    """File exactly the file that the page showed. What was found in it stands in the line.

    Raises Changed when that file is no longer there or another draft came in, Refused once the
    chair has approved, KeyAlarm, Spoilt, RoomFull or a StorageError. Then nothing was filed.
    """
    area_id, subject = who.actor.area_id, subject_of(slot_id)
    with looking(house, who.actor, slot_id) as look:
        look.require(ACTION, minutes_facts(look.db, area_id, slot_id, ACTION))
        before = before_filing(house, look.db, area_id, slot_id, ACTION)
        candidate = current(look.db, who, subject, look.now)
    if candidate is None or candidate.id != candidate_id:
        raise Changed(GONE)
    with house.reading_room.seat():
        clear = open_candidate(house, who, candidate)
        prepared = seal_draft(house, who, before, clear, pages=candidate.pages, scan=candidate.scan)
        del clear
        original = seal_original(house, who, prepared.document, candidate, before.unit)
    with doing(house, who.actor, ACTION, slot_id) as deed:
        deed.require(minutes_facts(deed.db, area_id, slot_id, ACTION))
        if not candidates.drop(deed.db, area_id, candidate.id):
            raise Changed(GONE)
        require_taken(deed, candidate.scan)
        file_draft(deed, before, prepared, ACTION, candidate.findings)
        keep_original(deed, subject, original)
    forget_payloads(house, candidate.payloads)
