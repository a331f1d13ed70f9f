"""A file for the minutes that was examined and is nobody's draft yet, and what was found in the
file that a draft was made of."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from portal.documents.findings import Finding, from_kept, from_told
from portal.domain.cases import Case
from portal.domain.deeds import Deed
from portal.domain.ids import SlotId
from portal.domain.meetings import Slot
from portal.domain.papers import Version
from portal.journeys.deed import looking
from portal.journeys.house import House, Who
from portal.journeys.keys.proven import proven_line
from portal.journeys.meetings.facts import minutes_facts
from portal.journeys.meetings.slots import scene_of
from portal.journeys.minutes.examine_minutes import subject_of
from portal.journeys.reports.candidate import current
from portal.journeys.views.agency_request import Waiting
from portal.policy.actions import Action
from portal.records import papers

ACTION = Action.UNIT_MINUTES_FILE


@dataclass(frozen=True)
class MinutesFile:
    """`waiting` is the reader's own examined file; None where there is none, or it lay too long."""

    slot: Slot
    case: Case
    waiting: Waiting | None


def minutes_file(house: House, who: Who, slot_id: SlotId) -> MinutesFile:
    """Raises Refused for whoever may not file these minutes."""
    area_id = who.actor.area_id
    with looking(house, who.actor, slot_id) as look:
        look.require(ACTION, minutes_facts(look.db, area_id, slot_id, ACTION))
        scene = scene_of(look, slot_id, ACTION)
        left = current(look.db, who, subject_of(slot_id), look.now)
    waiting = (
        None if left is None else Waiting(left.id, from_kept(left.findings), left.pages, left.scan)
    )
    return MinutesFile(scene.slot, scene.case, waiting)


def found_in(house: House, db: Connection, version: Version) -> tuple[Finding, ...]:
    """What was found in the file that this draft was made of, as the record says; nothing of
    minutes that the portal set itself."""
    rows = papers.manifests_of(db, version.area_id, version.id)
    told = proven_line(house, db, version.area_id, rows[0].ledger_position) if rows else None
    if told is None or told["deed"] != Deed.MINUTES_FILED.value:
        return ()
    found = told["findings"]
    return from_told(found) if isinstance(found, list | tuple) else ()
