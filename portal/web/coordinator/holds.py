"""Doors of disposal: a legal hold on a case, and the certificate of what was disposed of."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from govuk_frontend_wtf.wtforms_widgets import GovTextArea
from werkzeug.wrappers import Response
from wtforms import TextAreaField

from portal.domain.ids import CaseId, SendingId
from portal.journeys.giving.certify_disposal import certify_disposal
from portal.journeys.meetings.place_hold import hold_page, lift_hold, place_hold
from portal.journeys.unacceptable import Unacceptable
from portal.policy.actions import Action
from portal.web.coordinator.fields import put
from portal.web.door import Door, me, page, parts, pdf_answer
from portal.web.forms import PortalForm

door = Door("unit_holds", __name__, url_prefix="/unit")

Answer = str | Response


class HoldForm(PortalForm):
    """Why."""

    reason = TextAreaField(
        _l("Reason"), widget=GovTextArea(), description=_l("Kept sealed for the unit.")
    )


@door.get("/cases/<case_id>/hold", action=Action.UNIT_CASE_READ)
def hold(case_id: CaseId) -> Answer:
    return _page(case_id, HoldForm.at(request))


@door.post("/cases/<case_id>/hold", action=Action.DECIDE_HOLD_PLACE)
def place(case_id: CaseId) -> Answer:
    form = HoldForm.at(request)
    try:
        place_hold(parts().house, me(), case_id, form.reason.data or "")
    except Unacceptable as refused:
        return _page(case_id, form, put(form, refused))
    flash(_("The hold stands. Nothing sent in this case is disposed of."), "success")
    return redirect(url_for("unit_holds.hold", case_id=case_id))


@door.post("/cases/<case_id>/hold/lift", action=Action.DECIDE_HOLD_LIFT)
def lift(case_id: CaseId) -> Answer:
    form = HoldForm.at(request)
    try:
        lift_hold(parts().house, me(), case_id, form.reason.data or "")
    except Unacceptable as refused:
        return _page(case_id, form, put(form, refused))
    flash(_("The hold is lifted."), "success")
    return redirect(url_for("unit_holds.hold", case_id=case_id))


@door.post("/sendings/<sending_id>/certificate", action=Action.UNIT_CERTIFICATE_MAKE)
def certificate(sending_id: SendingId) -> Answer:
    return pdf_answer(certify_disposal(parts().house, me(), sending_id), "disposal.pdf")


def _page(case_id: CaseId, form: HoldForm, errors: list[dict[str, str]] | None = None) -> str:
    found = hold_page(parts().house, me(), case_id)
    return page(
        "coordinator/hold.html",
        marking=True,
        reference=found.case.reference,
        back=url_for("unit_cases.case", case_id=case_id),
        found=found,
        form=form,
        errors=errors,
        action=url_for("unit_holds.lift" if found.hold else "unit_holds.place", case_id=case_id),
    )
