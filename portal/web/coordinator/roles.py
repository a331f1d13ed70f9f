"""Doors for what people may do: roles that change, and deputies for a time."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from govuk_frontend_wtf.wtforms_widgets import GovCheckboxesInput, GovRadioInput
from werkzeug.wrappers import Response
from wtforms import HiddenField, RadioField, SelectMultipleField
from wtforms.validators import InputRequired

from portal.domain.clocks import from_london
from portal.domain.ids import PersonId
from portal.domain.people import Role
from portal.domain.roles import DeputyReason, RoleReason
from portal.journeys.changed import Changed
from portal.journeys.joining.new_account import in_order
from portal.journeys.roles.change_roles import RolesChanged, change_roles, roles_to_change
from portal.journeys.roles.end_deputy import end_deputy
from portal.journeys.roles.name_deputy import name_deputy, to_name
from portal.journeys.signing_in.second_factor import CodeRefused
from portal.journeys.unacceptable import Unacceptable
from portal.policy.actions import Action
from portal.web.coordinator import words
from portal.web.coordinator.fields import DayField, choices, put
from portal.web.door import Door, me, page, parts
from portal.web.forms import CodeField, PortalForm

door = Door("unit_roles", __name__, url_prefix="/unit/people")

WHY_ROLES = {
    RoleReason.POST: _l("They have a new post"),
    RoleReason.DUTIES: _l("Their duties changed"),
    RoleReason.MISTAKE: _l("It was recorded wrongly"),
    RoleReason.ENDED: _l("They no longer do it"),
}
WHY_DEPUTY = {
    DeputyReason.AWAY: _l("A co-ordinator is away"),
    DeputyReason.VACANT: _l("A post is vacant"),
    DeputyReason.OWN_REQUEST: _l("Somebody else has to decide a co-ordinator's own request"),
    DeputyReason.WORK: _l("There is more work than the co-ordinators can do"),
}


class RolesForm(PortalForm):
    """What somebody does from now on; `before` is what the page showed."""

    before = HiddenField()
    roles = SelectMultipleField(
        _l("What this person does from now on"),
        [InputRequired(_l("Choose what this person does."))],
        choices=choices(words.ROLE),
        widget=GovCheckboxesInput(),
    )
    because = RadioField(
        _l("Why"),
        [InputRequired(_l("Choose why."))],
        choices=choices(WHY_ROLES),
        widget=GovRadioInput(),
    )
    code = CodeField()


class DeputyForm(PortalForm):
    """From when until when, and why."""

    from_at = DayField(_l("From and with"), _l("Type the first day."))
    until = DayField(_l("Until and with"), _l("Type the last day."))
    because = RadioField(
        _l("Why"),
        [InputRequired(_l("Choose why."))],
        choices=choices(WHY_DEPUTY),
        widget=GovRadioInput(),
    )
    code = CodeField()


@door.get("/<person_id>/roles", action=Action.DECIDE_ROLES_CHANGE)
@door.post("/<person_id>/roles", action=Action.DECIDE_ROLES_CHANGE)
def change(person_id: PersonId) -> str | Response:
    person, agency = roles_to_change(parts().house, me(), person_id)
    form = RolesForm.at(request)
    errors = None
    if form.validate_on_submit():
        roles = frozenset(Role(role) for role in form.roles.data)
        because = RoleReason(form.because.data)
        try:
            changed = change_roles(
                parts().house, me(), person_id, _shown(form.before.data), roles, because,
                form.code.data,
            )  # fmt: skip
        except Unacceptable as refused:
            errors = put(form, refused)
        except CodeRefused as wrong:
            form.code.errors = [wrong.words]
        else:
            flash(_said(changed), "success")
            if changed.held_unit_key:
                return redirect(url_for("unit_key.left", person_id=person_id))
            return redirect(url_for("unit_people.people"))
    elif not form.is_submitted() and not form.roles.data:
        form.roles.data = in_order(person.roles)
    if not form.is_submitted():
        form.before.data = " ".join(in_order(person.roles))
    return page(
        "coordinator/roles.html",
        back=url_for("unit_people.people"),
        person=person,
        agency=agency,
        form=form,
        errors=errors,
    )


@door.get("/<person_id>/deputy", action=Action.DECIDE_DEPUTY_NAME)
@door.post("/<person_id>/deputy", action=Action.DECIDE_DEPUTY_NAME)
def deputy(person_id: PersonId) -> str | Response:
    back = url_for("unit_people.people")
    try:
        found = to_name(parts().house, me(), person_id)
    except Unacceptable as refused:
        flash(refused.words)
        return redirect(back)
    form = DeputyForm.at(request)
    errors = None
    if form.validate_on_submit():
        begins = from_london(form.from_at.day, 0, 0)
        ends = from_london(form.until.day, 23, 59)
        because = DeputyReason(form.because.data)
        try:
            name_deputy(parts().house, me(), person_id, begins, ends, because, form.code.data)
        except Unacceptable as refused:
            errors = put(form, refused)
        except CodeRefused as wrong:
            form.code.errors = [wrong.words]
        else:
            flash(_("They are named, and everybody who decides is told."), "success")
            return redirect(back)
    return page("coordinator/deputy.html", back=back, found=found, form=form, errors=errors)


@door.post("/<person_id>/deputy/end", action=Action.DECIDE_DEPUTY_END)
def end(person_id: PersonId) -> Response:
    try:
        end_deputy(parts().house, me(), person_id)
    except Unacceptable as refused:
        flash(refused.words)
    else:
        flash(_("They act as deputy no more, and are signed out."), "success")
    return redirect(url_for("unit_people.people"))


def _shown(typed: str) -> frozenset[Role]:
    """What the page showed. Raises Changed for what no page ever shows."""
    try:
        return frozenset(Role(role) for role in typed.split())
    except ValueError:
        raise Changed from None


def _said(changed: RolesChanged) -> str:
    said = str(_("What they do is changed."))
    if changed.in_unit:
        said += " " + _("They were given the unit's key, and can open the area's papers.")
    if changed.waits:
        said += " " + _("They get the unit's key when you have confirmed their own.")
    if changed.held_unit_key:
        said += " " + _(
            "They could open every paper of this area until now, and copies they made stay theirs."
        )
    return said
