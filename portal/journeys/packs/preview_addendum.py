"""An addendum as one reader would get it, stamped PREVIEW with the name of whoever looks at it.

Made of the real paper by the real binder, as marked as any copy; it goes to the unit's member who
asked, and to nobody else. Its line is written first.
"""

from __future__ import annotations

from dataclasses import replace

from portal.chance import new_copy_reference
from portal.domain.deeds import Deed, line
from portal.domain.ids import PersonId, SlotId
from portal.journeys.deed import doing, looking
from portal.journeys.house import House, Who
from portal.journeys.keys.unit_of import open_unit_behind
from portal.journeys.packs.layouts import open_items
from portal.journeys.packs.preview_pack import marked_preview
from portal.journeys.packs.proposing import setting
from portal.journeys.packs.proposing_addendum import Choice, addendum_proposal
from portal.journeys.packs.send_addendum import bind_addendum
from portal.journeys.restricted.about import about
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.policy.verdict import Why

ACTION = Action.UNIT_PACK_PREVIEW


def preview_addendum(
    house: House, who: Who, slot_id: SlotId, choice: Choice, person_id: PersonId
) -> bytes:
    """The PDF. Raises Refused where there is no such late paper, or it is not for this person;
    KeyAlarm, Spoilt, RoomFull or a StorageError."""
    with doing(house, who.actor, ACTION, slot_id) as deed:
        deed.require(about(deed, slot_id))
        at = setting(house, deed.db, deed.area_id, slot_id)
        addendum = addendum_proposal(deed.db, at, choice)
        readers = () if addendum is None else addendum.proposal.readers
        reader = next((each for each in readers if each.person_id == person_id), None)
        if addendum is None or reader is None:
            raise Refused(ACTION, Why.NOT_THERE)
        copy = new_copy_reference()
        deed.note(line(Deed.PACK_PREVIEWED, slot=slot_id, person=person_id, copy=copy))
        now = deed.now
    with house.reading_room.seat():
        with looking(house, who.actor, slot_id) as look:
            unit = open_unit_behind(house, look.db, who, slot_id)
            clear = open_items(house, look.db, who.actor.area_id, unit, addendum.proposal.items)
        shown = replace(addendum, reference=f"{addendum.pack.sending.reference}-PREVIEW")
        bound = bind_addendum(at, shown, clear[choice.version_id])
        del clear
        return marked_preview(who, bound.pdf_clear, reader, copy, now)
