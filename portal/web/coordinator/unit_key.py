"""The doors of the unit's key: changing it, and sealing the rest to the new one."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response
from wtforms import HiddenField

from portal.domain.ids import PersonId
from portal.journeys.keys.change_unit_key import change_unit_key
from portal.journeys.keys.rewrap_unit import Rewrapped, rewrap_unit
from portal.journeys.signing_in.second_factor import CodeRefused
from portal.journeys.views.leaving import leaving
from portal.journeys.views.unit_key import unit_key_page
from portal.policy.actions import Action
from portal.web.acts import ActCodeField, ActForm
from portal.web.coordinator import words
from portal.web.door import Door, me, page, parts

door = Door("unit_key", __name__, url_prefix="/unit/key")


class ChangeUnitKeyForm(ActForm):
    """An unused code, or a touch, for the key that the page showed."""

    digest = HiddenField()
    code = ActCodeField()


@door.get("/", action=Action.DECIDE_UNIT_KEY_CHANGE)
@door.post("/", action=Action.DECIDE_UNIT_KEY_CHANGE)
def key() -> str | Response:
    form = ChangeUnitKeyForm.at(request)
    if form.validate_on_submit():
        try:
            changed = change_unit_key(parts().house, me(), form.digest.data, form.given())
        except CodeRefused as wrong:
            form.code.errors = [wrong.words]
        else:
            said = _("The unit has a new key. Members who have it: %(n)s.", n=changed.members)
            flash(f"{said} {_said(rewrap_unit(parts().house, me()))}", "success")
            return redirect(url_for(".key"))
    found = unit_key_page(parts().house, me())
    form.digest.data = found.digest
    return page(
        "coordinator/unit_key.html",
        back=url_for("unit_people.people"),
        found=found,
        form=form,
        why=words.KEY_ENDED,
    )


@door.get("/leaving/<person_id>", action=Action.DECIDE_UNIT_KEY_CHANGE)
def left(person_id: PersonId) -> str:
    return page(
        "coordinator/leaving.html",
        back=url_for(".key"),
        found=leaving(parts().house, me(), person_id),
        why=words.KEY_ENDED,
    )


@door.post("/go-on", action=Action.DECIDE_UNIT_KEY_CHANGE)
def go_on() -> Response:
    flash(_said(rewrap_unit(parts().house, me())), "success")
    return redirect(url_for(".key"))


def _said(told: Rewrapped) -> str:
    if not told.left:
        return str(_("Everything is sealed to the new key."))
    if told.whole:
        said = _(
            "%(n)s papers and texts do not open with the unit's keys and were left as they are. "
            "Tell your operator: somebody may have changed the database.",
            n=told.left,
        )
    else:
        said = _("Sealed to the new key: %(n)s. Left: %(left)s.", n=told.done, left=told.left)
    return str(said)
