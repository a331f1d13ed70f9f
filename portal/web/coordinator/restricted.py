"""The doors of restricted cases: opening one, and who holds it."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from govuk_frontend_wtf.wtforms_widgets import GovCheckboxesInput, GovRadioInput
from werkzeug.wrappers import Response
from wtforms import HiddenField, RadioField, SelectMultipleField
from wtforms.validators import InputRequired

from portal.domain.ids import CaseId, PersonId
from portal.domain.restricted import Concern
from portal.journeys.keys.rewrap_unit import rewrap_unit
from portal.journeys.restricted.change_holders import change_holders
from portal.journeys.restricted.open_restricted import open_restricted
from portal.journeys.signing_in.second_factor import CodeRefused
from portal.journeys.unacceptable import Unacceptable
from portal.journeys.views.cases import agencies_to_lead
from portal.journeys.views.holders import holders_page, to_hold
from portal.policy.actions import Action
from portal.web.acts import ActCodeField, ActForm
from portal.web.coordinator import words
from portal.web.coordinator.fields import choices, put
from portal.web.coordinator.forms import CaseForm
from portal.web.door import Door, me, page, parts

door = Door("unit_restricted", __name__, url_prefix="/unit/cases")


class RestrictedCaseForm(CaseForm):
    """A case with what it is restricted for, and who holds it."""

    concern = RadioField(
        _l("Why it is restricted"),
        [InputRequired(_l("Choose why the case is restricted."))],
        widget=GovRadioInput(),
        choices=choices(words.CONCERN),
    )
    holders = SelectMultipleField(
        _l("Who holds it"),
        [InputRequired(_l("Choose at least two, so that nobody is the only one."))],
        widget=GovCheckboxesInput(),
        description=_l(
            "No page shows it to anybody else of the unit; only whoever downloads the whole record "
            "sees that there is one. Leave out who is concerned."
        ),
    )


class HoldersForm(ActForm):
    """Who holds it from now on, with a code for what the page showed."""

    holders = SelectMultipleField(
        _l("Who holds it"),
        [InputRequired(_l("Choose at least two, so that nobody is the only one."))],
        widget=GovCheckboxesInput(),
    )
    digest = HiddenField()
    code = ActCodeField()


@door.get("/new-restricted", action=Action.DECIDE_CASE_RESTRICT)
@door.post("/new-restricted", action=Action.DECIDE_CASE_RESTRICT)
def new() -> str | Response:
    able = to_hold(parts().house, me())
    agencies = agencies_to_lead(parts().house, me())
    form = RestrictedCaseForm.at(request)
    form.lead_agency_id.choices = {"": ""} | {agency.id: agency.name for agency in agencies}
    form.holders.choices = [(person.id, person.name) for person in able]
    errors = None
    if form.validate_on_submit():
        chosen = [PersonId(each) for each in form.holders.data]
        try:
            case = open_restricted(
                parts().house,
                me(),
                form.typed(),
                Concern(form.concern.data),
                chosen,
            )
        except Unacceptable as refused:
            errors = put(form, refused)
        else:
            flash(_("The restricted case is open. Those who hold it are told."), "success")
            if me().actor.person_id in chosen:
                return redirect(url_for("unit_cases.case", case_id=case.id))
            return redirect(url_for("unit_cases.cases"))
    return page(
        "coordinator/case_new_restricted.html",
        marking=True,
        back=url_for("unit_cases.cases"),
        form=form,
        errors=errors,
    )


@door.get("/<case_id>/holders", action=Action.DECIDE_HOLDERS_CHANGE)
@door.post("/<case_id>/holders", action=Action.DECIDE_HOLDERS_CHANGE)
def holders(case_id: CaseId) -> str | Response:
    found = holders_page(parts().house, me(), case_id)
    form = HoldersForm.at(request)
    form.holders.choices = [(person.id, person.name) for person in found.able]
    errors = None
    if form.validate_on_submit():
        chosen = [PersonId(each) for each in form.holders.data]
        try:
            changed = change_holders(
                parts().house, me(), case_id, chosen, form.digest.data, form.given()
            )
        except CodeRefused as wrong:
            form.code.errors = [wrong.words]
        except Unacceptable as refused:
            errors = put(form, refused)
        else:
            if me().actor.person_id not in chosen:
                flash(_("The case has other holders now, and you are none of them."), "success")
                return redirect(url_for("unit_cases.cases"))
            if changed.new_key:
                rewrap_unit(parts().house, me(), case_id=case_id)
            flash(_("Holders of the case now: %(n)s. They are told.", n=changed.holders), "success")
            return redirect(url_for(".holders", case_id=case_id))
    elif request.method == "GET":
        form.holders.data = list(found.holders)
    form.digest.data = found.digest
    return page(
        "coordinator/holders.html",
        marking=True,
        reference=found.case.reference,
        back=url_for("unit_cases.case", case_id=case_id),
        found=found,
        form=form,
        errors=errors,
        concern_words=words.CONCERN,
    )


@door.post("/<case_id>/holders/go-on", action=Action.DECIDE_HOLDERS_CHANGE)
def go_on(case_id: CaseId) -> Response:
    told = rewrap_unit(parts().house, me(), case_id=case_id)
    flash(
        _("Sealed to the new key: %(n)s. Left: %(left)s.", n=told.done, left=told.left), "success"
    )
    return redirect(url_for(".holders", case_id=case_id))
