"""Doors for inviting a list of people to join: paste, look, confirm."""

from __future__ import annotations

from collections.abc import Collection

from flask import flash, redirect, request, url_for
from flask_babel import ngettext
from werkzeug.wrappers import Response

from portal.domain.listing import MOST_ROWS
from portal.journeys.joining.invite_list import invite_list, look_at_list
from portal.journeys.joining.listed import Listed
from portal.journeys.unacceptable import Unacceptable
from portal.journeys.views.people import agencies_to_join
from portal.policy.actions import Action
from portal.web.coordinator import words
from portal.web.coordinator.fields import put
from portal.web.coordinator.forms import ListForm
from portal.web.door import Door, me, page, parts

door = Door("unit_lists", __name__, url_prefix="/unit/people/list")


@door.get("", action=Action.UNIT_PERSON_INVITE)
@door.post("", action=Action.UNIT_PERSON_INVITE)
def new() -> str:
    agencies_to_join(parts().house, me())
    form = ListForm.at(request)
    listed = errors = None
    if form.validate_on_submit():
        try:
            listed = look_at_list(parts().house, me(), form.list.data)
        except Unacceptable as refused:
            errors = put(form, refused)
    return _shown(form, listed, errors)


@door.post("/send", action=Action.UNIT_PERSON_INVITE)
def send() -> str | Response:
    agencies_to_join(parts().house, me())
    form = ListForm.at(request)
    text = form.list.data or ""
    ticked = set(request.form.getlist("vouched"))
    vouched = {number for number in range(1, MOST_ROWS + 1) if str(number) in ticked}
    errors = None
    try:
        sent = invite_list(parts().house, me(), text, request.form.get("digest", ""), vouched)
    except Unacceptable as refused:
        errors = put(form, refused)
    else:
        said = ngettext(
            "%(num)d person has been sent a link with which to join.",
            "%(num)d people have been sent a link with which to join.",
            sent,
        )
        flash(said, "success")
        return redirect(url_for("unit_people.people"))
    try:
        listed = look_at_list(parts().house, me(), text)
    except Unacceptable:
        listed = None
    return _shown(form, listed, errors, vouched)


def _shown(
    form: ListForm,
    listed: Listed | None,
    errors: list[dict[str, str]] | None,
    vouched: Collection[int] = (),
) -> str:
    return page(
        "coordinator/people_list.html",
        back=url_for("unit_people.people"),
        form=form,
        errors=errors,
        listed=listed,
        vouched=vouched,
        fault_words=words.FAULT,
        role_words=words.ROLE,
    )
