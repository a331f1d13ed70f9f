"""Doors for the originals of reports and minutes: opening one, and how long they are kept."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from govuk_frontend_wtf.wtforms_widgets import GovTextArea, GovTextInput
from werkzeug.wrappers import Response
from wtforms import IntegerField, TextAreaField
from wtforms.validators import InputRequired, Length

from portal.domain.ids import RequestId, SlotId, VersionId
from portal.journeys.minutes.examine_minutes import subject_of
from portal.journeys.reports.limit_originals import limit_originals
from portal.journeys.reports.open_original import LONGEST, open_original
from portal.journeys.unacceptable import Unacceptable
from portal.journeys.views.original import OriginalPage, any_original, originals_days
from portal.policy.actions import Action
from portal.web.coordinator.fields import put
from portal.web.door import Door, foreign_answer, me, page, parts
from portal.web.forms import PortalForm

door = Door("unit_originals", __name__, url_prefix="/unit")


class ReasonForm(PortalForm):
    reason = TextAreaField(
        _l("Why you open the original"),
        [
            InputRequired(_l("Say why you open the original.")),
            Length(max=LONGEST, message=_l("Write at most %(max)d characters.")),
        ],
        widget=GovTextArea(),
        description=_l("It is kept for the unit, with the line in the record."),
    )


class DaysForm(PortalForm):
    days = IntegerField(
        _l("Days"),
        [InputRequired(_l("Write a number of days, such as 365."))],
        widget=GovTextInput(),
    )


@door.get("/requests/<request_id>/original", action=Action.DECIDE_ORIGINAL_OPEN)
@door.post("/requests/<request_id>/original", action=Action.DECIDE_ORIGINAL_OPEN)
def original(request_id: RequestId) -> str | Response:
    named = _named()
    found = any_original(parts().house, me(), request_id, named)
    back = url_for("unit_slots.slot", slot_id=found.slot_id)
    return _asked_why(request_id, found, named, back)


@door.get("/slots/<slot_id>/minutes/original", action=Action.DECIDE_ORIGINAL_OPEN)
@door.post("/slots/<slot_id>/minutes/original", action=Action.DECIDE_ORIGINAL_OPEN)
def of_minutes(slot_id: SlotId) -> str | Response:
    named, subject = _named(), subject_of(slot_id)
    found = any_original(parts().house, me(), subject, named)
    return _asked_why(subject, found, named, url_for("unit_minutes.show", slot_id=slot_id))


def _named() -> VersionId | None:
    """Which of several originals, where the address says so; else the newest."""
    named = request.args.get("of", "")
    return VersionId(named) if named else None


def _asked_why(
    subject: RequestId, found: OriginalPage, named: VersionId | None, back: str
) -> str | Response:
    form = ReasonForm.at(request)
    errors = None
    if form.validate_on_submit():
        try:
            opened = open_original(parts().house, me(), subject, form.reason.data or "", named)
        except Unacceptable as refused:
            errors = put(form, refused)
        else:
            return foreign_answer(opened.foreign, opened.filename)
    return page(
        "coordinator/original.html",
        marking=True,
        reference=found.case.reference,
        back=back,
        found=found,
        form=form,
        errors=errors,
    )


@door.get("/originals", action=Action.DECIDE_ORIGINALS_LIMIT)
@door.post("/originals", action=Action.DECIDE_ORIGINALS_LIMIT)
def limit() -> str | Response:
    kept = originals_days(parts().house, me())
    form = DaysForm.at(request)
    errors = None
    if form.validate_on_submit() and form.days.data is not None:
        try:
            limit_originals(parts().house, me(), form.days.data)
        except Unacceptable as refused:
            errors = put(form, refused)
        else:
            flash(_("Originals are kept for %(days)s days.", days=form.days.data), "success")
            return redirect(url_for("unit_originals.limit"))
    elif not form.is_submitted() and form.days.data is None:
        form.days.data = kept
    return page("coordinator/originals_days.html", form=form, errors=errors)
