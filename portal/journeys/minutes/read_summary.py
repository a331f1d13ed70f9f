"""The unit reads a meeting's executive summary: the draft as written, the approved one as set."""

from __future__ import annotations

from dataclasses import dataclass

from portal.chance import new_copy_reference
from portal.documents.stamp import Stamp, stamp
from portal.domain.clocks import in_words
from portal.domain.deeds import Deed, line
from portal.domain.ids import SlotId
from portal.domain.papers import UNIT_READER
from portal.journeys.deed import doing, looking
from portal.journeys.house import House, Who
from portal.journeys.keys.unit_of import open_unit_behind
from portal.journeys.meetings.slots import Scene, scene_of
from portal.journeys.minutes.writing_summary import (
    WrittenSummary,
    approved_summary,
    written_summary,
)
from portal.journeys.opening.opened import open_version
from portal.journeys.restricted.about import about
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import papers

ACTION = Action.UNIT_SUMMARY_READ


@dataclass(frozen=True)
class SummaryRead:
    """The draft; `approved` is the number of the version that was approved, 0 without one."""

    scene: Scene
    written: WrittenSummary
    approved: int
    may_approve: bool


def read_summary(house: House, who: Who, slot_id: SlotId) -> SummaryRead:
    """Raises Refused, KeyAlarm or Spoilt."""
    area_id = who.actor.area_id
    with doing(house, who.actor, ACTION, slot_id) as deed:
        deed.require(about(deed, slot_id))
        scene = scene_of(deed, slot_id, ACTION)
        deed.note(line(Deed.SUMMARY_READ, slot=slot_id, copy=""))
    with looking(house, who.actor, slot_id) as look:
        openers = open_unit_behind(house, look.db, who, slot_id).key.openers()
        approved = approved_summary(house, look.db, area_id, slot_id)
        return SummaryRead(
            scene,
            written_summary(house, look.db, area_id, slot_id, openers),
            0 if approved is None else approved[1].number,
            look.may(Action.DECIDE_SUMMARY_APPROVE, about(look, slot_id)),
        )


def read_approved_summary(house: House, who: Who, slot_id: SlotId) -> bytes:
    """The approved summary as a stamped PDF. Raises Refused (not there) without one, Spoilt."""
    area_id, copy = who.actor.area_id, new_copy_reference()
    with doing(house, who.actor, ACTION, slot_id) as deed:
        deed.require(about(deed, slot_id))
        scene = scene_of(deed, slot_id, ACTION)
        if approved_summary(house, deed.db, area_id, slot_id) is None:
            raise Refused(ACTION, Why.NOT_THERE)
        deed.note(line(Deed.SUMMARY_READ, slot=slot_id, copy=copy))
        now = deed.now
    with house.reading_room.seat():
        with looking(house, who.actor, slot_id) as look:
            found = approved_summary(house, look.db, area_id, slot_id)
            if found is None:
                raise Refused(ACTION, Why.NOT_THERE)
            unit = open_unit_behind(house, look.db, who, slot_id)
            manifest = papers.manifests_of(look.db, area_id, found[1].id)[0]
            clear = open_version(
                house,
                look.db,
                found[1],
                manifest,
                UNIT_READER,
                unit.public.fingerprint,
                unit.key.openers(),
            )
        return stamp(
            clear,
            Stamp(
                name=who.actor.name,
                agency=who.actor.agency,
                copy_line=f"Executive summary, {scene.case.reference}-S{found[1].number}",
                time_line=f"Opened {in_words(now)}",
                reference=copy,
            ),
        )
