"""Doors of the register: who came, and locking it (rules 39, 42)."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.domain.ids import SlotId
from portal.domain.meetings import CAPACITY_WORDS, Presence
from portal.journeys.meetings.lock_attendance import lock_attendance
from portal.journeys.meetings.record_attendance import record_attendance
from portal.journeys.views.minutes import AttendancePage, attendance_page
from portal.policy.actions import Action
from portal.web.coordinator.sending_forms import PRESENCE, LockForm, register_form
from portal.web.door import Door, me, page, parts
from portal.web.forms import PortalForm

door = Door("unit_attendance", __name__, url_prefix="/unit/slots/<slot_id>/attendance")

Answer = str | Response


@door.get("", action=Action.UNIT_ATTENDANCE_READ)
def show(slot_id: SlotId) -> Answer:
    found = attendance_page(parts().house, me(), slot_id)
    return _page(found, _form(found))


@door.post("", action=Action.UNIT_ATTENDANCE_RECORD)
def record(slot_id: SlotId) -> Answer:
    found = attendance_page(parts().house, me(), slot_id)
    form = _form(found)
    if form.validate_on_submit():
        presence = {
            each.person_id: Presence(form[f"of_{each.person_id}"].data) for each in found.attendees
        }
        record_attendance(parts().house, me(), slot_id, presence)
        flash(_("The attendance is recorded. It can be changed until it is locked."), "success")
        return redirect(url_for("unit_attendance.check", slot_id=slot_id))
    return _page(found, form)


@door.get("/lock", action=Action.UNIT_ATTENDANCE_READ)
def check(slot_id: SlotId) -> Answer:
    found = attendance_page(parts().house, me(), slot_id)
    form = LockForm.at(request)
    form.digest.data = found.digest
    return page(
        "coordinator/attendance_lock.html",
        marking=True,
        reference=found.case.reference,
        back=url_for("unit_attendance.show", slot_id=slot_id),
        found=found,
        form=form,
        presence_words=PRESENCE,
        capacity_words=CAPACITY_WORDS,
    )


@door.post("/lock", action=Action.DECIDE_ATTENDANCE_LOCK)
def lock(slot_id: SlotId) -> Answer:
    form = LockForm.at(request)
    lock_attendance(parts().house, me(), slot_id, form.digest.data or "")
    flash(_("The attendance is locked."), "success")
    return redirect(url_for("unit_minutes.show", slot_id=slot_id))


def _form(found: AttendancePage) -> PortalForm:
    kind = register_form({each.person_id: each.name for each in found.attendees})
    recorded = {
        f"of_{each.person_id}": each.presence.value
        for each in found.attendees
        if each.presence is not None
    }
    return kind.at(request, data=recorded)


def _page(found: AttendancePage, form: PortalForm) -> Answer:
    return page(
        "coordinator/attendance.html",
        marking=True,
        reference=found.case.reference,
        back=url_for("unit_slots.slot", slot_id=found.slot.id),
        found=found,
        form=form,
        presence_words=PRESENCE,
        capacity_words=CAPACITY_WORDS,
    )
