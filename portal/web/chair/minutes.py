"""The door of the chair: the draft of one case's minutes, and its approval (rules 50, 51)."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response
from wtforms import HiddenField
from wtforms.validators import InputRequired

from portal.documents.refusal import RefusedPaper
from portal.domain.ids import SlotId, VersionId
from portal.domain.minutes_form import SECTION_WORDS
from portal.journeys.minutes.approve_minutes import approve_minutes
from portal.journeys.minutes.compare_minutes import compare_minutes
from portal.journeys.minutes.read_minutes import read_minutes
from portal.journeys.signing_in.second_factor import CodeRefused
from portal.journeys.views.minutes import chair_page
from portal.policy.actions import Action
from portal.web.acts import ActCodeField, ActForm
from portal.web.coordinator.minutes_sections import label_of
from portal.web.door import Door, me, page, parts, pdf_answer

door = Door("chair", __name__, url_prefix="/minutes")

Answer = str | Response | tuple[str, int]


class ApproveForm(ActForm):
    """Exactly the version that was on the page."""

    version = HiddenField(validators=[InputRequired()])
    code = ActCodeField()


@door.get("/<slot_id>", action=Action.CHAIR_MINUTES_READ)
def show(slot_id: SlotId) -> Answer:
    return _page(slot_id, ApproveForm.at(request))


@door.post("/<slot_id>", action=Action.CHAIR_MINUTES_APPROVE)
def approve(slot_id: SlotId) -> Answer:
    form = ApproveForm.at(request)
    if form.validate_on_submit():
        version = VersionId(form.version.data)
        try:
            approve_minutes(parts().house, me(), slot_id, version, form.given())
        except CodeRefused as refused:
            form.code.errors = [refused.words]
        else:
            flash(_("You have approved these minutes. The unit sends them."), "success")
            return redirect(url_for("chair.show", slot_id=slot_id))
    return _page(slot_id, form)


@door.post("/<slot_id>/read", action=Action.CHAIR_MINUTES_READ)
def read(slot_id: SlotId) -> Answer:
    return pdf_answer(read_minutes(parts().house, me(), slot_id), "minutes.pdf")


@door.post("/<slot_id>/changes", action=Action.CHAIR_MINUTES_READ)
def changes(slot_id: SlotId) -> Answer:
    found = chair_page(parts().house, me(), slot_id)
    back = url_for("chair.show", slot_id=slot_id)
    try:
        compared = compare_minutes(parts().house, me(), slot_id)
    except RefusedPaper:
        # A child process died of it; both drafts are as they were.
        return page("chair/changes_not.html", marking=True, back=back), 422
    return page(
        "chair/changes.html",
        marking=True,
        reference=found.case.reference,
        back=back,
        found=compared,
        sections=SECTION_WORDS,
        label=label_of,
    )


def _page(slot_id: SlotId, form: ApproveForm) -> Answer:
    found = chair_page(parts().house, me(), slot_id)
    # What is shown now is what the next code approves.
    form.version.data = found.version_id
    return page(
        "chair/minutes.html",
        marking=True,
        reference=found.case.reference,
        back=url_for("reader.home"),
        found=found,
        form=form,
    )
