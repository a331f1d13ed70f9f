"""The door of one page: somebody lost all they sign in with, and is let begin anew by two."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from govuk_frontend_wtf.wtforms_widgets import GovRadioInput
from werkzeug.wrappers import Response
from wtforms import RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from portal.domain.ids import PersonId
from portal.domain.proofing import How
from portal.journeys.keys.proof_person import ToRenew, proof_person, to_renew
from portal.journeys.keys.renew_person import renew_person
from portal.journeys.signing_in.second_factor import CodeRefused
from portal.journeys.unacceptable import Unacceptable
from portal.policy.actions import Action
from portal.web.coordinator.fields import put
from portal.web.door import Door, me, page, parts
from portal.web.forms import CodeField, PortalForm

door = Door("unit_proofing", __name__, url_prefix="/unit/people")


class ProofForm(PortalForm):
    """How it was made sure who they are, and the code of whoever says so."""

    how = RadioField(
        _l("How did you make sure who they are?"),
        [InputRequired(_l("Say how you made sure who they are."))],
        widget=GovRadioInput(),
        choices=[
            SelectChoice(How.MET.value, _l("I met them, and know them or saw their identity card")),
            SelectChoice(
                How.RANG.value, _l("I rang them on the number shown above, and know their voice")
            ),
        ],
    )
    code = CodeField()


class ApproveForm(PortalForm):
    """The code of the second coordinator."""

    code = CodeField()


@door.get("/<person_id>/proofing", action=Action.DECIDE_PERSON_PROOF)
@door.post("/<person_id>/proofing", action=Action.DECIDE_PERSON_PROOF)
def proofing(person_id: PersonId) -> str | Response:
    found = to_renew(parts().house, me(), person_id)
    form = ProofForm.at(request)
    errors = None
    if form.validate_on_submit():
        try:
            proof_person(parts().house, me(), person_id, How(form.how.data), form.code.data)
        except Unacceptable as refused:
            errors = put(form, refused)
        except CodeRefused as wrong:
            form.code.errors = [wrong.words]
        else:
            flash(_("It stands in the record. A second coordinator has a day to approve it."))
            return redirect(url_for(".proofing", person_id=person_id))
    return _shown(found, None if found.waiting else form, ApproveForm.at(request), errors)


@door.post("/<person_id>/proofing/approve", action=Action.DECIDE_PERSON_RENEW)
def approve(person_id: PersonId) -> str | Response:
    form = ApproveForm.at(request)
    if form.validate_on_submit():
        try:
            renewed = renew_person(parts().house, me(), person_id, form.code.data)
        except CodeRefused as wrong:
            form.code.errors = [wrong.words]
        else:
            said = _(
                "They are sent a link to join again. Copies that wait for it: %(count)s.",
                count=renewed.waiting,
            )
            flash(said, "success")
            if renewed.held_unit_key:
                return redirect(url_for("unit_key.left", person_id=person_id))
            return redirect(url_for("unit_people.people"))
    return _shown(to_renew(parts().house, me(), person_id), None, form, None)


def _shown(found: ToRenew, form: ProofForm | None, approving: ApproveForm, errors: object) -> str:
    return page(
        "coordinator/person_proofing.html",
        back=url_for("unit_people.people"),
        action="" if form else url_for(".approve", person_id=found.person.id),
        found=found,
        form=form or approving,
        asking=form is not None,
        errors=errors,
    )
