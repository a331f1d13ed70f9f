"""What one reader would get, stamped PREVIEW and with the name of whoever looks at it.

A preview is made of the real papers by the real binder and is as marked as any copy: it goes to
the unit's member who asked, and to nobody else.
"""

from __future__ import annotations

from portal.documents.stamp import Stamp, stamp
from portal.domain.clocks import london
from portal.domain.deeds import Deed, line
from portal.domain.facts import InArea
from portal.domain.ids import PersonId, SlotId
from portal.journeys.deed import doing
from portal.journeys.house import House, Who
from portal.journeys.layouts import bind_layout, open_items
from portal.journeys.proposing import pack_proposal, setting
from portal.journeys.rewrapping import open_unit_of
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.policy.verdict import Why


def preview_pack(house: House, who: Who, slot_id: SlotId, person_id: PersonId) -> bytes:
    """The PDF of this person's layout. Raises Refused when they are not on the list."""
    action = Action.UNIT_PACK_PREVIEW
    with doing(house, who.actor, action, slot_id) as deed:
        deed.require(InArea(deed.area_id))
        at = setting(house, deed.db, deed.area_id, slot_id)
        proposal = pack_proposal(deed.db, at)
        reader = next((r for r in proposal.readers if r.person_id == person_id), None)
        if reader is None:
            raise Refused(action, Why.NOT_THERE)
        unit = open_unit_of(house, deed.db, who)
        clear = open_items(house, deed.db, deed.area_id, unit, proposal.items)
        deed.note(line(Deed.PACK_PREVIEWED, slot=slot_id, person=person_id))
        now = london(deed.now)
    reference = f"{at.case.reference}-PREVIEW"
    bound = bind_layout(at, proposal.items, clear, reader.tabs, "Meeting pack", reference)
    return stamp(
        bound.pdf_clear,
        Stamp(
            name=who.actor.name,
            agency=who.actor.agency,
            copy_line=f"Preview of the copy for {reader.name}",
            time_line=f"Made {now:%-d %B %Y} at {now:%H.%M}",
            reference=reference,
            preview=True,
        ),
    )
