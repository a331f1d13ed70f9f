"""The unit records who came to one slot (rule 39), until the register is locked (rule 42)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping

from portal.domain.deeds import Deed, line
from portal.domain.ids import PersonId, SlotId
from portal.domain.meetings import Answer, Attendance, Presence
from portal.journeys.changed import Changed
from portal.journeys.deed import doing
from portal.journeys.house import House, Who
from portal.journeys.meetings.facts import minutes_facts
from portal.policy.actions import Action
from portal.records import meetings


def record_attendance(
    house: House, who: Who, slot_id: SlotId, presence: Mapping[PersonId, Presence]
) -> None:
    """Replace the register. Everybody invited must be in it, and nobody else.

    Raises Changed when the list of those invited is another by now, Refused once it is locked.
    """
    action = Action.UNIT_ATTENDANCE_RECORD
    with doing(house, who.actor, action, slot_id) as deed:
        deed.require(minutes_facts(deed.db, deed.area_id, slot_id, action))
        invited = {
            invitation.person_id
            for invitation in meetings.invitations_to(deed.db, deed.area_id, slot_id)
            if invitation.answer is Answer.INVITED
        }
        if set(presence) != invited:
            raise Changed
        register = [
            Attendance(deed.area_id, slot_id, person, what, deed.now)
            for person, what in sorted(presence.items())
        ]
        meetings.save_attendance(deed.db, slot_id, register)
        deed.note(line(Deed.ATTENDANCE_RECORDED, slot=slot_id, register=register_lines(register)))


def register_lines(register: Iterable[Attendance]) -> list[str]:
    """The register as the ledger holds it: a person and a presence in each line, sorted."""
    return sorted(f"{entry.person_id} {entry.presence.value}" for entry in register)


def register_digest(register: Iterable[Attendance]) -> str:
    """SHA-256 (hex) of the register: what the page showed is what is locked."""
    return hashlib.sha256("\n".join(register_lines(register)).encode()).hexdigest()
