"""A corrected annex as one reader would get it, stamped PREVIEW with the name of whoever looks.

Made of the real paper by the real binder, as marked as any copy; it goes to the unit's member who
asked, and to nobody else. Its line is written first.
"""

from __future__ import annotations

from portal.chance import new_copy_reference
from portal.domain.deeds import Deed, line
from portal.domain.ids import PersonId, SendingId
from portal.journeys.deed import doing, looking
from portal.journeys.house import House, Who
from portal.journeys.keys.unit_of import open_unit_behind
from portal.journeys.packs.annexing import bind_annex
from portal.journeys.packs.layouts import open_items
from portal.journeys.packs.preview_pack import marked_preview
from portal.journeys.packs.send_corrected_annex import corrected_annex
from portal.journeys.restricted.about import about
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.policy.verdict import Why

ACTION = Action.UNIT_PACK_PREVIEW


def preview_corrected_annex(
    house: House, who: Who, sending_id: SendingId, person_id: PersonId
) -> bytes:
    """The PDF. Raises Refused where nothing corrects this annex, or it is not for this person;
    KeyAlarm, Spoilt, RoomFull or a StorageError."""
    with doing(house, who.actor, ACTION, sending_id) as deed:
        deed.require(about(deed, sending_id))
        at, found = corrected_annex(deed, sending_id, ACTION)
        (annex,) = found.proposal.annexes
        reader = next((each for each in annex.readers if each.person_id == person_id), None)
        if reader is None:
            raise Refused(ACTION, Why.NOT_THERE)
        copy = new_copy_reference()
        deed.note(line(Deed.PACK_PREVIEWED, slot=at.slot.id, person=person_id, copy=copy))
        now = deed.now
    with house.reading_room.seat():
        with looking(house, who.actor, sending_id) as look:
            unit = open_unit_behind(house, look.db, who, sending_id)
            clear = open_items(house, look.db, who.actor.area_id, unit, [annex.item])
        reference = f"{at.case.reference}-PREVIEW"
        bound = bind_annex(at, annex, clear, reference, "A", found.earlier.reference)
        del clear
        return marked_preview(who, bound.pdf_clear, reader, copy, now)
