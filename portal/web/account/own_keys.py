"""The doors of one's own keys: changing them, and sealing the rest to the new ones."""

from __future__ import annotations

from flask import flash, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response
from wtforms import HiddenField

from portal.journeys.across.act_in import everywhere
from portal.journeys.giving.sealing import own_fingerprint
from portal.journeys.own_account.change_keys import change_keys
from portal.journeys.own_account.rewrap_own import rewrap_own
from portal.journeys.signing_in.recall import Recalled, recall
from portal.journeys.signing_in.second_factor import CodeRefused
from portal.journeys.unacceptable import Unacceptable
from portal.policy.actions import Action
from portal.web import current
from portal.web.acts import ActCodeField, ActForm
from portal.web.current import the_signed_in
from portal.web.door import Door, me, page, parts
from portal.web.leaving import go

door = Door("account_keys", __name__, url_prefix="/account/keys")


class ChangeKeysForm(ActForm):
    """An unused code, or a touch, for the key that the page showed."""

    digest = HiddenField()
    code = ActCodeField()


@door.get("/change", action=Action.OWN_KEYS_CHANGE)
@door.post("/change", action=Action.OWN_KEYS_CHANGE)
def change() -> str | Response:
    form = ChangeKeysForm.at(request)
    if form.validate_on_submit():
        house = parts().house
        try:
            secret = change_keys(house, the_signed_in(), form.digest.data, form.given())
        except (CodeRefused, Unacceptable) as wrong:
            form.code.errors = [wrong.words]
        else:
            found = recall(house, secret)
            left = _go_on(found) if isinstance(found, Recalled) else 0
            flash(_said(left), "success")
            answer = go(url_for("account_own.my_keys"))
            current.give_cookie(answer, secret)
            return answer
    form.digest.data = own_fingerprint(me())
    return page("account/keys_change.html", form=form, back=url_for("account_own.my_keys"))


@door.post("/go-on", action=Action.OWN_KEYS_CHANGE)
def go_on() -> Response:
    flash(_said(_go_on(the_signed_in())), "success")
    return go(url_for("account_own.my_keys"))


def _go_on(found: Recalled) -> int:
    """In every area of theirs; returns how many copies are left."""
    house = parts().house
    return sum(rewrap_own(house, each.who()) for each in everywhere(house, found))


def _said(left: int) -> str:
    if left:
        return str(_("You have new keys. Copies still sealed to the former ones: %(n)s.", n=left))
    return str(_("You have new keys, and everything of yours is sealed to them."))
