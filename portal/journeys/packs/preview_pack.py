"""What one reader would get, stamped PREVIEW and with the name of whoever looks at it.

A preview is made of the real papers by the real binder and is as marked as any copy: it goes to
the unit's member who asked, and to nobody else. Its line is written first.
"""

from __future__ import annotations

from datetime import datetime

from portal.chance import new_copy_reference
from portal.documents.stamp import Stamp, stamp
from portal.domain.clocks import in_words
from portal.domain.deeds import Deed, line
from portal.domain.ids import PersonId, SlotId, VersionId
from portal.domain.packs import Reader
from portal.journeys.deed import doing, looking
from portal.journeys.extracts.proven_extract import require_checked
from portal.journeys.house import House, Who
from portal.journeys.keys.unit_of import open_unit_behind
from portal.journeys.packs.annexing import bind_annex
from portal.journeys.packs.layouts import Cover, bind_layout, open_items, without_headings
from portal.journeys.packs.proposing import Setting, pack_proposal, setting
from portal.journeys.restricted.about import about
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.policy.verdict import Why

ACTION = Action.UNIT_PACK_PREVIEW


def preview_pack(house: House, who: Who, slot_id: SlotId, person_id: PersonId) -> bytes:
    """The PDF of this person's layout. Raises Refused when they are not on the list, KeyAlarm,
    Spoilt, RoomFull or a StorageError."""
    with doing(house, who.actor, ACTION, slot_id) as deed:
        deed.require(about(deed, slot_id))
        at = setting(house, deed.db, deed.area_id, slot_id)
        proposal = pack_proposal(deed.db, at)
        reader = next((r for r in proposal.readers if r.person_id == person_id), None)
        if reader is None:
            raise Refused(ACTION, Why.NOT_THERE)
        require_checked(house, deed.db, deed.area_id, reader.instead, proposal.items)
        copy = new_copy_reference()
        deed.note(line(Deed.PACK_PREVIEWED, slot=slot_id, person=person_id, copy=copy))
        now = deed.now
    reference = _reference(at)
    with house.reading_room.seat():
        # All of them: whether a paper has headings stands in everybody's contents.
        items = proposal.items
        with looking(house, who.actor, slot_id) as look:
            unit = open_unit_behind(house, look.db, who, slot_id)
            clear = open_items(house, look.db, who.actor.area_id, unit, [*items, *reader.instead])
        bound = bind_layout(
            at,
            proposal.items,
            clear,
            reader.tabs,
            Cover("Meeting pack", reference),
            signpost=reader.signpost,
            instead=reader.instead,
            bare=without_headings({item.version_id: clear[item.version_id] for item in items}),
        )
        del clear
        return marked_preview(who, bound.pdf_clear, reader, copy, now)


def preview_annex(
    house: House, who: Who, slot_id: SlotId, person_id: PersonId, version_id: VersionId
) -> bytes:
    """The PDF of this restricted annex as this person would get it. Raises Refused when it is not
    for them, and what `preview_pack` raises."""
    with doing(house, who.actor, ACTION, slot_id) as deed:
        deed.require(about(deed, slot_id))
        at = setting(house, deed.db, deed.area_id, slot_id)
        annexes = pack_proposal(deed.db, at).annexes_of(person_id)
        annex = next((a for a in annexes if a.item.version_id == version_id), None)
        if annex is None:
            raise Refused(ACTION, Why.NOT_THERE)
        reader = next(r for r in annex.readers if r.person_id == person_id)
        copy = new_copy_reference()
        deed.note(line(Deed.PACK_PREVIEWED, slot=slot_id, person=person_id, copy=copy))
        now = deed.now
    with house.reading_room.seat():
        with looking(house, who.actor, slot_id) as look:
            unit = open_unit_behind(house, look.db, who, slot_id)
            clear = open_items(house, look.db, who.actor.area_id, unit, [annex.item])
        bound = bind_annex(at, annex, clear, _reference(at), "A")
        del clear
        return marked_preview(who, bound.pdf_clear, reader, copy, now)


def _reference(at: Setting) -> str:
    return f"{at.case.reference}-PREVIEW"


def marked_preview(who: Who, clear: bytes, reader: Reader, copy: str, now: datetime) -> bytes:
    """What was bound, as the copy of whoever looks at it; it says for whom it would be."""
    return stamp(
        clear,
        Stamp(
            name=who.actor.name,
            agency=who.actor.agency,
            copy_line=f"Preview of the copy for {reader.name}",
            time_line=f"Made {in_words(now)}",
            reference=copy,
            preview=True,
        ),
    )
