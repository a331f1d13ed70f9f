"""Doors for accounts that nobody uses: the list, opening one again, after how long they close."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from govuk_frontend_wtf.wtforms_widgets import GovRadioInput, GovTextInput
from werkzeug.wrappers import Response
from wtforms import IntegerField, RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from portal.domain.clocks import in_words
from portal.domain.dormancy import Checked
from portal.domain.ids import PersonId
from portal.journeys.dormancy.limit_dormancy import limit_dormancy
from portal.journeys.dormancy.wake_person import to_wake, wake_person
from portal.journeys.signing_in.second_factor import CodeRefused
from portal.journeys.unacceptable import Unacceptable
from portal.journeys.views.dormant import dormant_days, dormant_page
from portal.policy.actions import Action
from portal.web.coordinator.fields import put
from portal.web.door import Door, me, page, parts
from portal.web.forms import CodeField, PortalForm

door = Door("unit_dormant", __name__, url_prefix="/unit/people")


class WakeForm(PortalForm):
    """How it was made sure who asks, and a code of whoever opens the account again."""

    check = RadioField(
        _l("How did you make sure that it is them?"),
        [InputRequired(_l("Choose how you made sure."))],
        choices=[
            SelectChoice(Checked.RANG.value, _l("I rang them on the number shown here")),
            SelectChoice(Checked.MET.value, _l("I met them and know them")),
        ],
        widget=GovRadioInput(),
    )
    code = CodeField()


class DaysForm(PortalForm):
    """After how many days."""

    days = IntegerField(
        _l("Days without use"),
        [InputRequired(_l("Write a number of days, such as 182."))],
        widget=GovTextInput(),
    )


@door.get("/dormant", action=Action.UNIT_PEOPLE_READ)
def dormant() -> str:
    found = dormant_page(parts().house, me())
    return page(
        "coordinator/dormant.html",
        back=url_for("unit_people.people"),
        found=found,
        things=found.rows,
    )


@door.get("/dormant/days", action=Action.DECIDE_DORMANCY_LIMIT)
@door.post("/dormant/days", action=Action.DECIDE_DORMANCY_LIMIT)
def limit() -> str | Response:
    kept = dormant_days(parts().house, me())
    form = DaysForm.at(request)
    errors = None
    if form.validate_on_submit() and form.days.data is not None:
        try:
            limit_dormancy(parts().house, me(), form.days.data)
        except Unacceptable as refused:
            errors = put(form, refused)
        else:
            said = _("Accounts close after %(days)s days without use.", days=form.days.data)
            flash(said, "success")
            return redirect(url_for(".dormant"))
    elif not form.is_submitted() and form.days.data is None:
        form.days.data = kept
    return page("coordinator/dormant_days.html", back=url_for(".dormant"), form=form, errors=errors)


@door.get("/<person_id>/wake", action=Action.DECIDE_PERSON_WAKE)
@door.post("/<person_id>/wake", action=Action.DECIDE_PERSON_WAKE)
def wake(person_id: PersonId) -> str | Response:
    return wake_page(Action.DECIDE_PERSON_WAKE, person_id, url_for(".dormant"))


def wake_page(action: Action, person_id: PersonId, back: str) -> str | Response:
    """The page on which an account is opened again, for whoever `action` is of."""
    try:
        found = to_wake(parts().house, me(), action, person_id)
    except Unacceptable as refused:
        flash(refused.words)
        return redirect(back)
    form = WakeForm.at(request)
    errors = None
    if form.validate_on_submit():
        check = Checked(form.check.data)
        try:
            until = wake_person(parts().house, me(), action, person_id, check, form.code.data)
        except Unacceptable as refused:
            errors = put(form, refused)
        except CodeRefused as wrong:
            form.code.errors = [wrong.words]
        else:
            flash(
                _("The account is open again. They have to sign in by %(time)s.",
                  time=in_words(until)),
                "success",
            )  # fmt: skip
            return redirect(back)
    return page("coordinator/person_wake.html", back=back, found=found, form=form, errors=errors)
