"""What one reader would get, stamped PREVIEW and with the name of whoever looks at it.

A preview is made of the real papers by the real binder and is as marked as any copy: it goes to
the unit's member who asked, and to nobody else. Its line is written first.
"""

from __future__ import annotations

from portal.chance import new_copy_reference
from portal.documents.stamp import Stamp, stamp
from portal.domain.clocks import in_words
from portal.domain.deeds import Deed, line
from portal.domain.facts import InArea
from portal.domain.ids import PersonId, SlotId
from portal.journeys.deed import doing, looking
from portal.journeys.house import House, Who
from portal.journeys.layouts import bind_layout, open_items
from portal.journeys.proposing import pack_proposal, setting
from portal.journeys.rewrapping import open_unit_of
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.policy.verdict import Why

ACTION = Action.UNIT_PACK_PREVIEW


def preview_pack(house: House, who: Who, slot_id: SlotId, person_id: PersonId) -> bytes:
    """The PDF of this person's layout. Raises Refused when they are not on the list, KeyAlarm,
    Spoilt, RoomFull or a StorageError."""
    with doing(house, who.actor, ACTION, slot_id) as deed:
        deed.require(InArea(deed.area_id))
        at = setting(house, deed.db, deed.area_id, slot_id)
        proposal = pack_proposal(deed.db, at)
        reader = next((r for r in proposal.readers if r.person_id == person_id), None)
        if reader is None:
            raise Refused(ACTION, Why.NOT_THERE)
        copy = new_copy_reference()
        deed.note(line(Deed.PACK_PREVIEWED, slot=slot_id, person=person_id, copy=copy))
        now = deed.now
    reference = f"{at.case.reference}-PREVIEW"
    with house.reading_room.seat():
        items = [item for item in proposal.items if item.tab in reader.tabs]
        with looking(house, who.actor, slot_id) as look:
            unit = open_unit_of(house, look.db, who)
            clear = open_items(house, look.db, who.actor.area_id, unit, items)
        bound = bind_layout(at, proposal.items, clear, reader.tabs, "Meeting pack", reference)
        del clear
        return stamp(
            bound.pdf_clear,
            Stamp(
                name=who.actor.name,
                agency=who.actor.agency,
                copy_line=f"Preview of the copy for {reader.name}",
                time_line=f"Made {in_words(now)}",
                reference=copy,
                preview=True,
            ),
        )
