"""Doors of the minutes: the draft, duties to consider, to whom they go (rules 50 to 53)."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.documents.refusal import RefusalCode, RefusedPaper
from portal.domain.clocks import from_london
from portal.domain.ids import PersonId, SlotId, VersionId
from portal.domain.packs import LEFT_OUT_WORDS
from portal.journeys.changed import Changed
from portal.journeys.minutes.examine_minutes import examine_minutes
from portal.journeys.minutes.file_minutes import file_minutes
from portal.journeys.minutes.proposing import Parts
from portal.journeys.minutes.read_minutes import read_minutes
from portal.journeys.minutes.record_duty import record_duty
from portal.journeys.minutes.send_minutes import send_minutes
from portal.journeys.packs.send_prepared import NothingToSend
from portal.journeys.reports.drop_candidate import drop_minutes
from portal.journeys.reports.see_page import see_page_of_minutes
from portal.journeys.signing_in.second_factor import CodeRefused
from portal.journeys.unacceptable import Unacceptable
from portal.journeys.views.minutes import duty_page, minutes_page, minutes_send_page
from portal.journeys.views.minutes_file import minutes_file
from portal.policy.actions import Action
from portal.web.coordinator.fields import put
from portal.web.coordinator.sending_forms import (
    DutyForm,
    MinutesCheckForm,
    MinutesFileForm,
    SaveableForm,
)
from portal.web.door import Door, me, page, parts, pdf_answer
from portal.web.drawn import drawn_answer
from portal.web.sheets import sheet_page
from portal.web.uploads import upload_of

door = Door("unit_minutes", __name__, url_prefix="/unit/slots/<slot_id>")

Answer = str | Response | tuple[str, int]


@door.get("/minutes", action=Action.UNIT_MINUTES_READ)
def show(slot_id: SlotId) -> Answer:
    return _page(slot_id, MinutesFileForm.at(request))


@door.post("/minutes", action=Action.UNIT_MINUTES_FILE)
def file(slot_id: SlotId) -> Answer:
    form = MinutesFileForm.at(request)
    files = request.files.getlist("file")
    clear = files[0].read() if form.validate_on_submit() and len(files) == 1 else b""
    if not clear and not (files and files[0].filename):
        form.file.errors = [_("Choose a file.")]
        return _page(slot_id, form)
    try:
        examine_minutes(parts().house, me(), slot_id, clear, password=form.password.data or "")
    except RefusedPaper as refused:
        form.refuse(refused)
        return _page(slot_id, form), (413 if refused.code is RefusalCode.TOO_BIG else 200)
    return redirect(url_for("unit_minutes.check", slot_id=slot_id))


@door.get("/minutes/file", action=Action.UNIT_MINUTES_FILE)
def check(slot_id: SlotId) -> Answer:
    found = minutes_file(parts().house, me(), slot_id)
    if found.waiting is None:
        return redirect(url_for("unit_minutes.show", slot_id=slot_id))
    return page(
        "coordinator/minutes_file.html",
        marking=True,
        reference=found.case.reference,
        back=url_for("unit_minutes.show", slot_id=slot_id),
        found=found,
        form=MinutesCheckForm.at(request),
    )


@door.get("/minutes/file/<int:sheet>", action=Action.UNIT_MINUTES_FILE)
def see(slot_id: SlotId, sheet: int) -> Answer:
    found = minutes_file(parts().house, me(), slot_id)
    if found.waiting is None:
        return redirect(url_for("unit_minutes.show", slot_id=slot_id))
    back = url_for("unit_minutes.check", slot_id=slot_id)
    kept = {"slot_id": slot_id}
    return sheet_page("unit_minutes", kept, found.waiting, sheet, found.case.reference, back)


@door.get("/minutes/file/<int:sheet>/image", action=Action.UNIT_MINUTES_FILE)
def sheet_image(slot_id: SlotId, sheet: int) -> Answer:
    return drawn_answer(lambda: see_page_of_minutes(parts().house, me(), slot_id, sheet))


@door.post("/minutes/file", action=Action.UNIT_MINUTES_FILE)
def file_checked(slot_id: SlotId) -> Answer:
    form = MinutesCheckForm.at(request)
    chosen = (form.candidate.data or "") if form.validate_on_submit() else ""
    try:
        file_minutes(parts().house, me(), slot_id, chosen)
    except Changed as changed:
        flash(changed.words)
    else:
        flash(_("The draft is filed. The chair reads and approves it."), "success")
    return redirect(url_for("unit_minutes.show", slot_id=slot_id))


@door.post("/minutes/file/drop", action=Action.UNIT_MINUTES_FILE)
def drop(slot_id: SlotId) -> Answer:
    try:
        drop_minutes(parts().house, me(), slot_id, request.form.get("candidate", ""))
    except Changed as changed:
        flash(changed.words)
    else:
        flash(_("The file was dropped. It is given to nobody and removed here."))
    return redirect(url_for("unit_minutes.show", slot_id=slot_id))


def _page(slot_id: SlotId, form: MinutesFileForm) -> str:
    house = parts().house
    found = minutes_page(house, me(), slot_id)
    return page(
        "coordinator/minutes.html",
        marking=True,
        reference=found.case.reference,
        back=url_for("unit_slots.slot", slot_id=slot_id),
        found=found,
        form=form,
        upload=upload_of(house, takes_files=found.takes_files),
    )


@door.post("/minutes/read", action=Action.UNIT_MINUTES_READ)
def read(slot_id: SlotId) -> Answer:
    return pdf_answer(read_minutes(parts().house, me(), slot_id), "minutes.pdf")


@door.get("/minutes/send", action=Action.DECIDE_MINUTES_SEND)
def confirm(slot_id: SlotId) -> Answer:
    return _send_page(slot_id, SaveableForm.at(request), _parts())


@door.post("/minutes/send", action=Action.DECIDE_MINUTES_SEND)
def send(slot_id: SlotId) -> Answer:
    form, errors, status = SaveableForm.at(request), None, 200
    chosen = _parts()
    if form.validate_on_submit():
        try:
            sent = send_minutes(
                parts().house,
                me(),
                slot_id,
                form.digest.data,
                form.given(),
                form.reason.data or "",
                parts=chosen,
                download=form.download.data,
            )
        except CodeRefused as refused:
            errors = put(form, Unacceptable("code", refused.words))
        except Unacceptable as refused:
            errors = put(form, refused)
        except NothingToSend:
            errors = [{"text": _("There is nobody to send these minutes to, or it is too late.")}]
        except Changed as changed:
            errors, status = [{"text": changed.words}], 409
        else:
            flash(_("The minutes are sent."), "success")
            return redirect(url_for("unit_sendings.sending", sending_id=sent.sending.id))
    return _send_page(slot_id, form, chosen, errors), status


def _parts() -> Parts:
    """What was chosen for those who were there for a part, as it stands in the address."""
    pairs = [value.partition(" ") for value in request.args.getlist("part") if value]
    return {PersonId(person): VersionId(version) for person, _space, version in pairs}


def _send_page(
    slot_id: SlotId,
    form: SaveableForm,
    chosen: Parts,
    errors: list[dict[str, str]] | None = None,
) -> str:
    found = minutes_send_page(parts().house, me(), slot_id, chosen)
    # What is shown now is what the next code confirms, whatever was shown before.
    form.digest.data = found.digest
    return page(
        "coordinator/minutes_send.html",
        marking=True,
        reference=found.at.case.reference,
        back=url_for("unit_minutes.show", slot_id=slot_id),
        found=found,
        form=form,
        errors=errors,
        left_out_words=LEFT_OUT_WORDS,
    )


@door.get("/duty/<person_id>", action=Action.DECIDE_DUTY_RECORD)
@door.post("/duty/<person_id>", action=Action.DECIDE_DUTY_RECORD)
def duty(slot_id: SlotId, person_id: PersonId) -> Answer:
    found = duty_page(parts().house, me(), slot_id, person_id)
    form, errors = DutyForm.at(request), None
    if form.validate_on_submit():
        until = from_london(form.until.day, 23, 59)
        try:
            record_duty(parts().house, me(), slot_id, person_id, form.reason.data, until)
        except Unacceptable as refused:
            errors = put(form, refused)
        else:
            flash(_("The duty to consider is recorded."), "success")
            return redirect(url_for("unit_minutes.show", slot_id=slot_id))
    return page(
        "coordinator/duty.html",
        marking=True,
        reference=found.scene.case.reference,
        back=url_for("unit_minutes.show", slot_id=slot_id),
        found=found,
        form=form,
        errors=errors,
    )
