"""Doors of a meeting's executive summary: writing it, approving it, reading the approved one."""

from __future__ import annotations

from dataclasses import asdict

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from govuk_frontend_wtf.wtforms_widgets import GovTextArea
from werkzeug.wrappers import Response
from wtforms import HiddenField, TextAreaField

from portal.domain.ids import SlotId
from portal.domain.summaries import HEADINGS, Summary
from portal.journeys.changed import Changed
from portal.journeys.minutes.approve_summary import approve_summary
from portal.journeys.minutes.read_summary import SummaryRead, read_approved_summary, read_summary
from portal.journeys.minutes.write_summary import write_summary
from portal.journeys.signing_in.second_factor import CodeRefused
from portal.journeys.unacceptable import Unacceptable
from portal.policy.actions import Action
from portal.web.acts import ActCodeField, ActForm
from portal.web.coordinator.fields import put
from portal.web.door import Door, me, page, parts, pdf_answer
from portal.web.forms import PortalForm

door = Door("unit_summaries", __name__, url_prefix="/unit/slots/<slot_id>/summary")

Answer = str | Response | tuple[str, int]


class SummaryForm(PortalForm):
    """What stands under each heading; `digest` is the draft as it was when the page was made."""

    digest = HiddenField()
    why_managed = TextAreaField(
        _l("Why the individual is managed under MAPPA"),
        widget=GovTextArea(),
        description=_l("Category, level, and since when."),
    )
    risk = TextAreaField(
        _l("Risk"), widget=GovTextArea(), description=_l("To whom, by kind of person: no names.")
    )
    plan = TextAreaField(
        _l("How the risk is managed"),
        widget=GovTextArea(),
        description=_l("In general: nothing that lets somebody get round it."),
    )
    decisions = TextAreaField(_l("What the meeting decided"), widget=GovTextArea())

    def summary(self) -> Summary:
        return Summary(**{field: (self[field].data or "").strip() for field in HEADINGS})


class ApproveSummaryForm(ActForm):
    """Exactly the draft that was on the page."""

    digest = HiddenField()
    code = ActCodeField()


@door.get("", action=Action.UNIT_SUMMARY_READ)
def show(slot_id: SlotId) -> Answer:
    found = read_summary(parts().house, me(), slot_id)
    form = SummaryForm.at(request, data=asdict(found.written.summary))
    form.digest.data = found.written.digest
    return _write_page(found, form)


@door.post("", action=Action.UNIT_SUMMARY_WRITE)
def write(slot_id: SlotId) -> Answer:
    form, errors, status = SummaryForm.at(request), None, 200
    form.validate_on_submit()
    try:
        write_summary(parts().house, me(), slot_id, form.summary(), form.digest.data or "")
    except Unacceptable as refused:
        errors = put(form, refused)
    except Changed as changed:
        errors, status = [{"text": _(changed.words)}], 409
    else:
        return redirect(url_for("unit_summaries.check", slot_id=slot_id))
    found = read_summary(parts().house, me(), slot_id)
    form.digest.data = found.written.digest
    return _write_page(found, form, errors), status


@door.get("/check", action=Action.UNIT_SUMMARY_READ)
def check(slot_id: SlotId) -> Answer:
    return _check_page(slot_id, ApproveSummaryForm.at(request))


@door.post("/approve", action=Action.DECIDE_SUMMARY_APPROVE)
def approve(slot_id: SlotId) -> Answer:
    form, errors = ApproveSummaryForm.at(request), None
    if form.validate_on_submit():
        try:
            approve_summary(parts().house, me(), slot_id, form.digest.data or "", form.given())
        except CodeRefused as refused:
            form.code.errors = [refused.words]
        except Unacceptable as refused:
            errors = [{"text": f"{HEADINGS[refused.field]}: {refused.words}"}]
        else:
            flash(_("The summary is approved. It can be given instead of a paper."), "success")
            return redirect(url_for("unit_summaries.show", slot_id=slot_id))
    return _check_page(slot_id, form, errors)


@door.post("/read", action=Action.UNIT_SUMMARY_READ)
def read(slot_id: SlotId) -> Answer:
    return pdf_answer(read_approved_summary(parts().house, me(), slot_id), "summary.pdf")


def _write_page(
    found: SummaryRead, form: SummaryForm, errors: list[dict[str, str]] | None = None
) -> str:
    return page(
        "coordinator/summary.html",
        marking=True,
        reference=found.scene.case.reference,
        back=url_for("unit_minutes.show", slot_id=found.scene.slot.id),
        found=found,
        form=form,
        errors=errors,
    )


def _check_page(
    slot_id: SlotId, form: ApproveSummaryForm, errors: list[dict[str, str]] | None = None
) -> str:
    found = read_summary(parts().house, me(), slot_id)
    # What is shown now is what the next code approves.
    form.digest.data = found.written.digest
    written = asdict(found.written.summary)
    return page(
        "coordinator/summary_check.html",
        marking=True,
        reference=found.scene.case.reference,
        back=url_for("unit_summaries.show", slot_id=slot_id),
        found=found,
        told=[(heading, written[field]) for field, heading in HEADINGS.items()],
        form=form,
        errors=errors,
    )
