"""Loading one case at one meeting, as every deed about it does first."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from portal.domain.cases import Case
from portal.domain.clocks import london
from portal.domain.ids import AreaId, SlotId
from portal.domain.meetings import Slot
from portal.domain.people import Area
from portal.journeys.deed import Doing, Looking
from portal.journeys.unacceptable import Unacceptable
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import areas, cases, meetings


@dataclass(frozen=True)
class Scene:
    """A slot with its case and its area."""

    slot: Slot
    case: Case
    area: Area


def area_of(db: Connection, area_id: AreaId, action: Action) -> Area:
    """The actor's area; raises Refused when it is gone."""
    area = areas.load(db, area_id)
    if area is None:
        raise Refused(action, Why.NOT_THERE)
    return area


def scene_of(at: Doing | Looking, slot_id: SlotId, action: Action) -> Scene:
    """Raises Refused where the slot is another area's, or not there at all: the same answer."""
    slot = meetings.load_slot(at.db, at.actor.area_id, slot_id)
    case = None if slot is None else cases.load(at.db, at.actor.area_id, slot.case_id)
    if slot is None or case is None:
        raise Refused(action, Why.NOT_THERE)
    return Scene(slot, case, area_of(at.db, at.actor.area_id, action))


def require_still_ahead(at: Doing, slot: Slot) -> None:
    """Nobody is invited to, or asked about, a meeting of a day that is over."""
    if london(slot.starts_at).date() < london(at.now).date():
        raise Unacceptable("", "This meeting is over. Choose a meeting that is still to come.")
