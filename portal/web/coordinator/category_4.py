"""The door of one question: does this area handle Category 4?"""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from govuk_frontend_wtf.wtforms_widgets import GovRadioInput
from werkzeug.wrappers import Response
from wtforms import RadioField, SelectChoice
from wtforms.validators import InputRequired

from portal.journeys.restricted.choose_category_4 import choose_category_4, read_category_4_choice
from portal.policy.actions import Action
from portal.web.door import Door, me, page, parts
from portal.web.forms import PortalForm

door = Door("unit_category_4", __name__, url_prefix="/unit/category-4")


class HandledForm(PortalForm):
    """Handled or not."""

    handled = RadioField(
        _l("Does this area handle Category 4 cases here?"),
        [InputRequired(_l("Choose whether Category 4 cases are handled here."))],
        widget=GovRadioInput(),
        choices=[SelectChoice("yes", _l("Yes, as restricted cases")), SelectChoice("no", _l("No"))],
    )


@door.get("", action=Action.DECIDE_CATEGORY_4_CHOOSE)
def show() -> str:
    handled = read_category_4_choice(parts().house, me())
    return _page(HandledForm.at(request, data={"handled": "yes" if handled else "no"}))


@door.post("", action=Action.DECIDE_CATEGORY_4_CHOOSE)
def save() -> str | Response:
    form = HandledForm.at(request)
    if not form.validate_on_submit():
        read_category_4_choice(parts().house, me())
        return _page(form)
    choose_category_4(parts().house, me(), handled=form.handled.data == "yes")
    flash(_("Saved."), "success")
    return redirect(url_for("unit_category_4.show"))


def _page(form: HandledForm) -> str:
    return page("coordinator/category_4.html", back=url_for("unit_cases.cases"), form=form)
