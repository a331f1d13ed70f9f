"""The door at which somebody who has an account joins another area with it."""

from __future__ import annotations

from flask import flash, redirect, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.journeys.across.begin_membership import begin_membership, membership_to_begin
from portal.policy.actions import Action
from portal.web import current
from portal.web.door import Door, page, parts
from portal.web.forms import PortalForm

door = Door("account_accept", __name__, url_prefix="/join")


class AcceptForm(PortalForm):
    """One button."""


@door.get("/<token>/accept", action=Action.OWN_MEMBERSHIP_BEGIN)
@door.post("/<token>/accept", action=Action.OWN_MEMBERSHIP_BEGIN)
def accept(token: str) -> str | Response:
    found = current.the_signed_in()
    asked = membership_to_begin(parts().house, found, token)
    form = AcceptForm.at(request)
    if form.validate_on_submit():
        area = begin_membership(parts().house, found, token)
        said = _(
            "You belong to %(area)s as well now. Its MAPPA unit rings you before you can open "
            "papers of it.",
            area=area.name,
        )
        flash(said, "success")
        return redirect("/")
    return page("account/accept.html", form=form, asked=asked, account=found.person)
