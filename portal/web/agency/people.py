"""Doors for an agency's single point of contact: our people, naming, covering, leaving, quarter."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.domain.clocks import from_london
from portal.domain.colleagues import OF_THE_AGENCY
from portal.domain.ids import PersonId
from portal.domain.people import Role
from portal.journeys.agencies.certify_people import certify_people
from portal.journeys.agencies.cover_colleague import cover_colleague
from portal.journeys.agencies.name_colleague import name_colleague
from portal.journeys.agencies.remove_person import remove_colleague
from portal.journeys.joining.new_account import NewPerson
from portal.journeys.joining.resend_link import resend_to_colleague
from portal.journeys.unacceptable import Unacceptable
from portal.journeys.views.colleagues import colleague_to_remove, colleagues_page, to_cover
from portal.policy.actions import Action
from portal.web.agency.people_forms import ColleagueForm, CoverForm
from portal.web.coordinator import words
from portal.web.coordinator.dormant import wake_page
from portal.web.coordinator.fields import choices, put
from portal.web.coordinator.trying_again import try_again_page
from portal.web.coordinator.vouching import vouch_page
from portal.web.door import Door, me, page, parts

door = Door("agency_people", __name__, url_prefix="/agency/people")


@door.get("/", action=Action.SPOC_PEOPLE_READ)
def people() -> str:
    found = colleagues_page(parts().house, me())
    return page(
        "agency/people.html",
        found=found,
        things=found.rows,
        key_words=words.KEY,
        account_words=words.ACCOUNT,
        role_words=words.ROLE,
        certified_words=words.CERTIFIED,
    )


@door.get("/invite", action=Action.SPOC_PERSON_INVITE)
@door.post("/invite", action=Action.SPOC_PERSON_INVITE)
def invite() -> str | Response:
    found = colleagues_page(parts().house, me())
    form = ColleagueForm.at(request)
    form.roles.choices = choices(words.ROLE, OF_THE_AGENCY)
    errors = None
    if form.validate_on_submit():
        new = NewPerson(
            form.name.data,
            form.email.data,
            form.job.data,
            form.phone.data,
            me().actor.agency_id,
            frozenset(Role(role) for role in form.roles.data),
        )
        try:
            name_colleague(parts().house, me(), new)
        except Unacceptable as refused:
            errors = put(form, refused)
        else:
            flash(_("They have been sent a link with which to join."), "success")
            return redirect(url_for("agency_people.people"))
    return page(
        "agency/person_new.html",
        back=url_for("agency_people.people"),
        form=form,
        errors=errors,
        agency=found.agency,
    )


@door.post("/<person_id>/link", action=Action.SPOC_LINK_RESEND)
def resend(person_id: PersonId) -> Response:
    try:
        resend_to_colleague(parts().house, me(), person_id)
        flash(_("A new link is sent. The one before no longer works."), "success")
    except Unacceptable as refused:
        flash(refused.words)
    return redirect(url_for("agency_people.people"))


@door.get("/<person_id>/remove", action=Action.SPOC_PERSON_REMOVE)
def remove_form(person_id: PersonId) -> str:
    person = colleague_to_remove(parts().house, me(), person_id)
    return page(
        "coordinator/person_remove.html",
        back=url_for("agency_people.people"),
        person=person,
        agency={"name": me().actor.agency},
    )


@door.post("/<person_id>/remove", action=Action.SPOC_PERSON_REMOVE)
def remove(person_id: PersonId) -> Response:
    try:
        remove_colleague(parts().house, me(), person_id)
    except Unacceptable as refused:
        flash(refused.words)
    else:
        flash(_("They have left, and can open nothing any more."), "success")
    return redirect(url_for("agency_people.people"))


@door.get("/<person_id>/wake", action=Action.SPOC_PERSON_WAKE)
@door.post("/<person_id>/wake", action=Action.SPOC_PERSON_WAKE)
def wake(person_id: PersonId) -> str | Response:
    return wake_page(Action.SPOC_PERSON_WAKE, person_id, url_for(".people"))


@door.get("/<person_id>/vouch", action=Action.SPOC_PERSON_VOUCH)
@door.post("/<person_id>/vouch", action=Action.SPOC_PERSON_VOUCH)
def vouch_for(person_id: PersonId) -> str | Response:
    return vouch_page(Action.SPOC_PERSON_VOUCH, person_id, url_for(".people"))


@door.get("/<person_id>/try-again", action=Action.SPOC_TRIES_ALLOW)
@door.post("/<person_id>/try-again", action=Action.SPOC_TRIES_ALLOW)
def try_again(person_id: PersonId) -> str | Response:
    return try_again_page(Action.SPOC_TRIES_ALLOW, person_id, url_for(".people"))


@door.get("/<person_id>/cover", action=Action.SPOC_COVER_SET)
@door.post("/<person_id>/cover", action=Action.SPOC_COVER_SET)
def cover(person_id: PersonId) -> str | Response:
    found = to_cover(parts().house, me(), person_id)
    form = CoverForm.at(request)
    form.by.choices = {"": ""} | {person.id: person.name for person in found.contacts}
    errors = None
    if form.validate_on_submit():
        until = from_london(form.until.day, 23, 59)
        try:
            passed = cover_colleague(parts().house, me(), person_id, PersonId(form.by.data), until)
        except Unacceptable as refused:
            errors = put(form, refused)
        else:
            flash(
                _("The cover is arranged. Requests that passed over: %(number)d.", number=passed),
                "success",
            )
            return redirect(url_for("agency_people.people"))
    return page(
        "agency/cover.html",
        back=url_for("agency_people.people"),
        form=form,
        errors=errors,
        person=found.person,
    )


@door.get("/certify", action=Action.SPOC_PEOPLE_READ)
def certify_form() -> str:
    return _certify_page({}, sure=False)


@door.post("/certify", action=Action.SPOC_PEOPLE_CERTIFY)
def certify() -> str | Response:
    found = colleagues_page(parts().house, me())
    said = {row.person.id: request.form.get(f"of_{row.person.id}", "") for row in found.rows}
    left = [person for person, word in said.items() if word == "left"]
    if left and request.form.get("sure") != "y":
        return _certify_page({**said}, sure=True)
    here = [person for person, word in said.items() if word == "here"]
    try:
        done = certify_people(parts().house, me(), here, left)
    except Unacceptable as refused:
        flash(refused.words)
        return redirect(url_for("agency_people.certify_form"))
    flash(
        _("Still here: %(here)d. Left: %(left)d.", here=done.here, left=done.left),
        "success",
    )
    return redirect(url_for("agency_people.people"))


def _certify_page(said: dict[PersonId, str], *, sure: bool) -> str:
    found = colleagues_page(parts().house, me())
    return page(
        "agency/certify.html",
        back=url_for("agency_people.people"),
        found=found,
        said=said,
        sure=sure,
    )
