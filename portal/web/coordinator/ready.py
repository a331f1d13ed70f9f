"""Doors for the list that says who could open the pack, two days and one day before."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.domain.ids import PersonId, SlotId
from portal.journeys.meetings.remind_invited import remind_invited
from portal.journeys.unacceptable import Unacceptable
from portal.journeys.views.ready import ready_list
from portal.policy.actions import Action
from portal.web.coordinator import words
from portal.web.door import Door, me, page, parts

door = Door("unit_ready", __name__, url_prefix="/unit/slots/<slot_id>/ready")


@door.get("", action=Action.UNIT_MEETING_READ)
def ready(slot_id: SlotId) -> str:
    found = ready_list(parts().house, me(), slot_id)
    return page(
        "coordinator/ready.html",
        marking=True,
        reference=found.case.reference,
        back=url_for("unit_slots.slot", slot_id=slot_id),
        found=found,
        things=found.rows,
        ready_words=words.READY,
    )


@door.post("/<person_id>/again", action=Action.UNIT_INVITATION_REPEAT)
def again(slot_id: SlotId, person_id: PersonId) -> Response:
    try:
        remind_invited(parts().house, me(), slot_id, person_id)
    except Unacceptable as refused:
        flash(refused.words)
    else:
        flash(_("The letter is sent again."), "success")
    return redirect(url_for("unit_ready.ready", slot_id=slot_id))
