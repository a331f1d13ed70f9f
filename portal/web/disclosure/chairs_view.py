"""The door of one question: does the area's statement give decisions to the chair? (rule 61)"""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from govuk_frontend_wtf.wtforms_widgets import GovRadioInput
from werkzeug.wrappers import Response
from wtforms import RadioField, SelectChoice
from wtforms.validators import InputRequired

from portal.journeys.meetings.want_chairs_view import read_chairs_view_wanted, want_chairs_view
from portal.policy.actions import Action
from portal.web.door import Door, me, page, parts
from portal.web.forms import PortalForm

door = Door("chairs_view", __name__, url_prefix="/unit/disclosures/chair")


class WantedForm(PortalForm):
    """Yes or no."""

    wanted = RadioField(
        _l("Does your confidentiality statement give the decision to the chair?"),
        [InputRequired(_l("Choose yes or no."))],
        widget=GovRadioInput(),
        choices=[SelectChoice("yes", _l("Yes")), SelectChoice("no", _l("No"))],
        description=_l("If it does, the chair's view is recorded before any request is decided."),
    )


@door.get("", action=Action.DECIDE_CHAIRS_VIEW_WANT)
def show() -> str:
    wanted = read_chairs_view_wanted(parts().house, me())
    return _page(WantedForm.at(request, data={"wanted": "yes" if wanted else "no"}))


@door.post("", action=Action.DECIDE_CHAIRS_VIEW_WANT)
def save() -> str | Response:
    form = WantedForm.at(request)
    if not form.validate_on_submit():
        read_chairs_view_wanted(parts().house, me())
        return _page(form)
    want_chairs_view(parts().house, me(), wanted=form.wanted.data == "yes")
    flash(_("Saved."), "success")
    return redirect(url_for("disclosures.home"))


def _page(form: WantedForm) -> str:
    return page("disclosure/chairs_view.html", back=url_for("disclosures.home"), form=form)
