"""Doors of an addendum: where a late paper belongs and whom it is for, then sending it."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.domain.ids import PersonId, SlotId, VersionId
from portal.domain.packs import LEFT_OUT_WORDS
from portal.journeys.changed import Changed
from portal.journeys.packs.preview_addendum import preview_addendum
from portal.journeys.packs.proposing_addendum import Choice
from portal.journeys.packs.send_addendum import send_addendum
from portal.journeys.packs.send_prepared import NothingToSend
from portal.journeys.signing_in.second_factor import CodeRefused
from portal.journeys.unacceptable import Unacceptable
from portal.journeys.views.addendum import choose_page, send_addendum_page
from portal.policy.actions import Action
from portal.web.coordinator.fields import put
from portal.web.coordinator.sending_forms import AddendumForm, SaveableForm, addendum_form
from portal.web.door import Door, me, page, parts, pdf_answer

door = Door("unit_addenda", __name__, url_prefix="/unit/slots/<slot_id>/addenda/<version_id>")

Answer = str | Response | tuple[str, int]

NOTHING = "There is nobody to send it to, or its time is over."


@door.get("", action=Action.UNIT_PACK_READ)
@door.post("", action=Action.UNIT_PACK_READ)
def choose(slot_id: SlotId, version_id: VersionId) -> Answer:
    found = choose_page(parts().house, me(), slot_id, version_id)
    kind = addendum_form(
        dict(found.tabs),
        {
            person: _("%(who)s (has the earlier version)", who=f"{name}, {agency}")
            if person in found.holding
            else f"{name}, {agency}"
            for person, name, agency in found.readers
        },
    )
    form: AddendumForm = kind.at(request, data={"after": str(found.after)})
    if form.validate_on_submit():
        return redirect(
            url_for(
                "unit_addenda.confirm",
                slot_id=slot_id,
                version_id=version_id,
                after=form.after.data,
                to=form.to.data,
            )
        )
    return page(
        "coordinator/addendum.html",
        marking=True,
        reference=found.at.case.reference,
        back=url_for("unit_packs.arrange", slot_id=slot_id),
        found=found,
        form=form,
    )


@door.get("/send", action=Action.DECIDE_PACK_SEND)
def confirm(slot_id: SlotId, version_id: VersionId) -> Answer:
    return _send_page(slot_id, _choice(version_id), SaveableForm.at(request))


@door.post("/send", action=Action.DECIDE_PACK_SEND)
def send(slot_id: SlotId, version_id: VersionId) -> Answer:
    form, errors, status = SaveableForm.at(request), None, 200
    choice = _choice(version_id)
    if form.validate_on_submit():
        try:
            sent = send_addendum(
                parts().house,
                me(),
                slot_id,
                choice,
                form.digest.data,
                form.given(),
                form.reason.data or "",
                download=form.download.data,
            )
        except CodeRefused as refused:
            errors = put(form, Unacceptable("code", refused.words))
        except Unacceptable as refused:
            errors = put(form, refused)
        except NothingToSend:
            errors = [{"text": _(NOTHING)}]
        except Changed as changed:
            errors, status = [{"text": changed.words}], 409
        else:
            flash(_("The addendum is sent."), "success")
            return redirect(url_for("unit_sendings.sending", sending_id=sent.sending.id))
    return _send_page(slot_id, choice, form, errors), status


@door.post("/preview/<person_id>", action=Action.UNIT_PACK_PREVIEW)
def preview(slot_id: SlotId, version_id: VersionId, person_id: PersonId) -> Answer:
    choice = _choice(version_id)
    return pdf_answer(
        preview_addendum(parts().house, me(), slot_id, choice, person_id), "PREVIEW.pdf"
    )


def _choice(version_id: VersionId) -> Choice:
    """What was chosen on the page before; whatever does not exist is answered as not there."""
    after = request.args.get("after", "")
    return Choice(
        version_id,
        int(after) if after.isascii() and after.isdigit() and len(after) < 4 else 0,
        frozenset(PersonId(person) for person in request.args.getlist("to")),
    )


def _send_page(
    slot_id: SlotId,
    choice: Choice,
    form: SaveableForm,
    errors: list[dict[str, str]] | None = None,
) -> str:
    found = send_addendum_page(parts().house, me(), slot_id, choice)
    # What is shown now is what the next code confirms, whatever was shown before.
    form.digest.data = found.digest
    return page(
        "coordinator/addendum_send.html",
        marking=True,
        reference=found.at.case.reference,
        back=url_for("unit_addenda.choose", slot_id=slot_id, version_id=choice.version_id),
        found=found,
        form=form,
        errors=errors,
        left_out_words=LEFT_OUT_WORDS,
        choice=choice,
    )
