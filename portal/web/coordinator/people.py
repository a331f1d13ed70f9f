"""Doors for the people of the area: the list, inviting, confirming a key, a new link, leaving."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.domain.ids import AgencyId, PersonId
from portal.domain.people import Role
from portal.journeys.agencies.remove_person import remove_person
from portal.journeys.joining.invite_person import invite_person, may_give
from portal.journeys.joining.new_account import NewPerson
from portal.journeys.joining.resend_link import resend_link
from portal.journeys.keys.confirm_key import confirm_key
from portal.journeys.signing_in.end_sessions_of import end_sessions_of
from portal.journeys.unacceptable import Unacceptable
from portal.journeys.views.people import agencies_to_join, people_page, to_confirm, to_remove
from portal.journeys.views.unit_key import unit_key_work
from portal.policy.actions import Action
from portal.web.coordinator import words
from portal.web.coordinator.fields import choices, put
from portal.web.coordinator.forms import ConfirmForm, PersonForm
from portal.web.coordinator.trying_again import try_again_page
from portal.web.coordinator.vouching import vouch_page
from portal.web.door import Door, me, page, parts

door = Door("unit_people", __name__, url_prefix="/unit/people")


@door.get("/", action=Action.UNIT_PEOPLE_READ)
def people() -> str:
    return page(
        "coordinator/people.html",
        things=people_page(parts().house, me()),
        key=unit_key_work(parts().house, me()),
        key_words=words.KEY,
        account_words=words.ACCOUNT,
        role_words=words.ROLE,
        standing_words=words.STANDING,
    )


@door.get("/invite", action=Action.UNIT_PERSON_INVITE)
@door.post("/invite", action=Action.UNIT_PERSON_INVITE)
def invite() -> str | Response:
    agencies = agencies_to_join(parts().house, me())
    form = PersonForm.at(request)
    form.agency_id.choices = {"": ""} | {agency.id: agency.name for agency in agencies}
    form.roles.choices = choices(words.ROLE, may_give(me().actor))
    errors = None
    if form.validate_on_submit():
        try:
            invite_person(
                parts().house,
                me(),
                NewPerson(
                    form.name.data,
                    form.email.data,
                    form.job.data,
                    form.phone.data,
                    AgencyId(form.agency_id.data),
                    frozenset(Role(role) for role in form.roles.data),
                ),
            )
        except Unacceptable as refused:
            errors = put(form, refused)
        else:
            flash(_("They have been sent a link with which to join."), "success")
            return redirect(url_for("unit_people.people"))
    return page(
        "coordinator/person_new.html",
        back=url_for("unit_people.people"),
        form=form,
        errors=errors,
    )


@door.post("/<person_id>/link", action=Action.UNIT_PERSON_INVITE)
def resend(person_id: PersonId) -> Response:
    try:
        resend_link(parts().house, me(), person_id)
        flash(_("A new link is sent. The one before no longer works."), "success")
    except Unacceptable as refused:
        flash(refused.words)
    return redirect(url_for("unit_people.people"))


@door.get("/<person_id>/confirm", action=Action.UNIT_KEY_CONFIRM)
@door.post("/<person_id>/confirm", action=Action.UNIT_KEY_CONFIRM)
def confirm(person_id: PersonId) -> str | Response:
    found = to_confirm(parts().house, me(), person_id)
    form = ConfirmForm.at(request)
    errors = None
    if form.validate_on_submit():
        try:
            confirmed = confirm_key(parts().house, me(), person_id, form.heard.data)
        except Unacceptable as refused:
            errors = put(form, refused)
        else:
            said = _("The key is confirmed.")
            if confirmed.particulars:
                said += " " + _("They can now see who the cases are about that they are asked to.")
            flash(said, "success")
            return redirect(url_for("unit_people.people"))
    form.heard.data = found.fingerprint
    return page(
        "coordinator/confirm_key.html",
        back=url_for("unit_people.people"),
        found=found,
        form=form,
        errors=errors,
        role_words=words.ROLE,
    )


@door.get("/<person_id>/vouch", action=Action.UNIT_PERSON_VOUCH)
@door.post("/<person_id>/vouch", action=Action.UNIT_PERSON_VOUCH)
def vouch_for(person_id: PersonId) -> str | Response:
    return vouch_page(Action.UNIT_PERSON_VOUCH, person_id, url_for(".people"))


@door.get("/<person_id>/try-again", action=Action.DECIDE_TRIES_ALLOW)
@door.post("/<person_id>/try-again", action=Action.DECIDE_TRIES_ALLOW)
def try_again(person_id: PersonId) -> str | Response:
    return try_again_page(Action.DECIDE_TRIES_ALLOW, person_id, url_for(".people"))


@door.post("/<person_id>/sessions/end", action=Action.DECIDE_SESSION_END)
def end_sessions(person_id: PersonId) -> Response:
    ended = end_sessions_of(parts().house, me(), person_id)
    said = _("They are signed out.")
    if ended is not None:
        said += " " + _("Sessions ended: %(count)s.", count=ended)
    flash(said, "success")
    return redirect(url_for(".people"))


@door.get("/<person_id>/remove", action=Action.UNIT_PERSON_REMOVE)
def remove_form(person_id: PersonId) -> str:
    person, agency = to_remove(parts().house, me(), person_id)
    return page(
        "coordinator/person_remove.html",
        back=url_for("unit_people.people"),
        person=person,
        agency=agency,
    )


@door.post("/<person_id>/remove", action=Action.UNIT_PERSON_REMOVE)
def remove(person_id: PersonId) -> Response:
    try:
        removed = remove_person(parts().house, me(), person_id)
    except Unacceptable as refused:
        flash(refused.words)
        return redirect(url_for("unit_people.people"))
    said = _("They have left, and can open nothing any more.")
    if removed.held_unit_key:
        said += " " + _(
            "They could open every paper of this area until now, and copies they made stay theirs."
        )
        flash(said, "success")
        return redirect(url_for("unit_key.left", person_id=person_id))
    flash(said, "success")
    return redirect(url_for("unit_people.people"))
