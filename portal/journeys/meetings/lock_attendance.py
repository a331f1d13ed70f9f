"""A coordinator, a deputy or the slot's chair locks the register (rule 42).

Only then can minutes go, because who attended is who receives them.
"""

from __future__ import annotations

from portal.domain.deeds import Deed, line
from portal.domain.ids import SlotId
from portal.domain.meetings import Answer, AttendanceLock
from portal.journeys.changed import Changed
from portal.journeys.deed import doing
from portal.journeys.house import House, Who
from portal.journeys.meetings.facts import minutes_facts
from portal.journeys.meetings.record_attendance import register_digest, register_lines
from portal.policy.actions import Action
from portal.records import meetings


def lock_attendance(house: House, who: Who, slot_id: SlotId, digest: str) -> None:
    """Lock exactly the register with this digest. Raises Changed when it is another by now, or
    when somebody invited is not in it; Refused when it is locked already."""
    action = Action.DECIDE_ATTENDANCE_LOCK
    with doing(house, who.actor, action, slot_id) as deed:
        deed.require(minutes_facts(deed.db, deed.area_id, slot_id, action))
        register = meetings.attendance_of(deed.db, deed.area_id, slot_id)
        invited = {
            invitation.person_id
            for invitation in meetings.invitations_to(deed.db, deed.area_id, slot_id)
            if invitation.answer is Answer.INVITED
        }
        if not register or set(register) != invited or register_digest(register.values()) != digest:
            raise Changed
        meetings.lock_attendance(
            deed.db, AttendanceLock(deed.area_id, slot_id, deed.actor.person_id, deed.now)
        )
        deed.note(
            line(Deed.ATTENDANCE_LOCKED, slot=slot_id, register=register_lines(register.values()))
        )
