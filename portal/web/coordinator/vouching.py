"""The page on which somebody is let in who has no code, for the unit and for an agency."""

from __future__ import annotations

from flask import flash, redirect, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.domain.clocks import in_words
from portal.domain.ids import PersonId
from portal.journeys.signing_in.second_factor import CodeRefused
from portal.journeys.signing_in.vouch import to_vouch, vouch
from portal.journeys.unacceptable import Unacceptable
from portal.policy.actions import Action
from portal.web.coordinator.fields import put
from portal.web.coordinator.forms import VouchForm
from portal.web.door import me, page, parts


def vouch_page(action: Action, person_id: PersonId, back: str) -> str | Response:
    """For whoever `action` is of; `back` is the list they came from."""
    try:
        found = to_vouch(parts().house, me(), person_id, action)
    except Unacceptable as refused:
        flash(refused.words)
        return redirect(back)
    form = VouchForm.at(request)
    errors = None
    if form.validate_on_submit():
        typed, given = form.words.data, form.given()
        try:
            until = vouch(parts().house, me(), person_id, typed, given, action)
        except Unacceptable as refused:
            errors = put(form, refused)
        except CodeRefused as wrong:
            form.code.errors = [wrong.words]
        else:
            said = _("%(name)s can read until %(time)s.", name=found.name, time=in_words(until))
            flash(said, "success")
            return redirect(back)
    return page("coordinator/person_vouch.html", back=back, found=found, form=form, errors=errors)
