"""The door of a corrected annex: sending it to those who hold the earlier version."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.domain.ids import PersonId, SendingId
from portal.domain.packs import LEFT_OUT_WORDS, OTHERS_WORDS
from portal.journeys.changed import Changed
from portal.journeys.packs.preview_corrected_annex import preview_corrected_annex
from portal.journeys.packs.send_corrected_annex import send_corrected_annex
from portal.journeys.packs.send_prepared import NothingToSend
from portal.journeys.signing_in.second_factor import CodeRefused
from portal.journeys.unacceptable import Unacceptable
from portal.journeys.views.annex import send_annex_page
from portal.policy.actions import Action
from portal.web.coordinator.fields import put
from portal.web.coordinator.sending_forms import AnnexForm
from portal.web.door import Door, me, page, parts, pdf_answer

door = Door("unit_annexes", __name__, url_prefix="/unit/sendings/<sending_id>/correct")

Answer = str | Response | tuple[str, int]

NOTHING = "There is nobody to send it to, or its time is over."


@door.get("", action=Action.DECIDE_PACK_SEND)
def confirm(sending_id: SendingId) -> Answer:
    return _page(sending_id, AnnexForm.at(request))


@door.post("", action=Action.DECIDE_PACK_SEND)
def send(sending_id: SendingId) -> Answer:
    form, errors, status = AnnexForm.at(request), None, 200
    if form.validate_on_submit():
        try:
            sent = send_corrected_annex(
                parts().house,
                me(),
                sending_id,
                form.digest.data,
                form.code.data,
                download=form.download.data,
            )
        except CodeRefused as refused:
            errors = put(form, Unacceptable("code", refused.words))
        except NothingToSend:
            errors = [{"text": _(NOTHING)}]
        except Changed as changed:
            errors, status = [{"text": changed.words}], 409
        else:
            flash(_("The corrected annex is sent."), "success")
            return redirect(url_for("unit_sendings.sending", sending_id=sent.sending.id))
    return _page(sending_id, form, errors), status


@door.post("/preview/<person_id>", action=Action.UNIT_PACK_PREVIEW)
def preview(sending_id: SendingId, person_id: PersonId) -> Answer:
    return pdf_answer(
        preview_corrected_annex(parts().house, me(), sending_id, person_id), "PREVIEW.pdf"
    )


def _page(
    sending_id: SendingId, form: AnnexForm, errors: list[dict[str, str]] | None = None
) -> str:
    found = send_annex_page(parts().house, me(), sending_id)
    # What is shown now is what the next code confirms, whatever was shown before.
    form.digest.data = found.digest
    return page(
        "coordinator/annex_send.html",
        marking=True,
        reference=found.at.case.reference,
        back=url_for("unit_sendings.sending", sending_id=sending_id),
        found=found,
        form=form,
        errors=errors,
        left_out_words=LEFT_OUT_WORDS,
        others_words=OTHERS_WORDS,
    )
