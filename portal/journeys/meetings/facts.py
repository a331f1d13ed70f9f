"""Loading what the judge is told about minutes and attendance."""

from __future__ import annotations

from sqlalchemy import Connection

from portal.domain.facts import OfMinutes
from portal.domain.ids import AreaId, PersonId, SlotId
from portal.domain.meetings import Answer, Capacity
from portal.journeys.restricted.about import holders_behind
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import meetings, minutes


def minutes_facts(db: Connection, area_id: AreaId, slot_id: SlotId, action: Action) -> OfMinutes:
    """Who chairs this slot, and how far its minutes are. Raises Refused for another area's slot."""
    if meetings.load_slot(db, area_id, slot_id) is None:
        raise Refused(action, Why.NOT_THERE)
    filed = minutes.load(db, area_id, slot_id)
    return OfMinutes(
        area_id=area_id,
        chairs=chairs_of(db, area_id, slot_id),
        filed=filed is not None,
        approved=filed is not None and filed.approved_at is not None,
        attendance_locked=meetings.attendance_lock_of(db, area_id, slot_id) is not None,
        holders=holders_behind(db, area_id, slot_id),
    )


def chairs_of(db: Connection, area_id: AreaId, slot_id: SlotId) -> frozenset[PersonId]:
    """Those invited to this slot as its chair."""
    return frozenset(
        invitation.person_id
        for invitation in meetings.invitations_to(db, area_id, slot_id)
        if invitation.capacity is Capacity.CHAIR and invitation.answer is Answer.INVITED
    )
