"""The door of one question: are files taken where there is no virus scanner?"""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from govuk_frontend_wtf.wtforms_widgets import GovRadioInput
from werkzeug.wrappers import Response
from wtforms import RadioField, SelectChoice
from wtforms.validators import InputRequired

from portal.journeys.reports.choose_unscanned import choose_unscanned, read_unscanned_choice
from portal.policy.actions import Action
from portal.web.door import Door, me, page, parts
from portal.web.forms import PortalForm

door = Door("unit_unscanned", __name__, url_prefix="/unit/unscanned")


class TakenForm(PortalForm):
    """Taken or not."""

    taken = RadioField(
        _l("What becomes of a file where there is no virus scanner?"),
        [InputRequired(_l("Choose what becomes of a file that cannot be scanned."))],
        widget=GovRadioInput(),
        choices=[
            SelectChoice("yes", _l("It is taken, and marked as not scanned")),
            SelectChoice("no", _l("It is not taken")),
        ],
    )


@door.get("", action=Action.DECIDE_UNSCANNED_CHOOSE)
def show() -> str:
    taken = read_unscanned_choice(parts().house, me())
    return _page(TakenForm.at(request, data={"taken": "yes" if taken else "no"}))


@door.post("", action=Action.DECIDE_UNSCANNED_CHOOSE)
def save() -> str | Response:
    form = TakenForm.at(request)
    if not form.validate_on_submit():
        read_unscanned_choice(parts().house, me())
        return _page(form)
    choose_unscanned(parts().house, me(), taken=form.taken.data == "yes")
    flash(_("Saved."), "success")
    return redirect(url_for("unit_unscanned.show"))


def _page(form: TakenForm) -> str:
    scans = parts().house.scanner.scans
    return page("coordinator/unscanned.html", form=form, scans=scans)
