"""Tying one's account to oneself at the agency's provider, and untying it."""

from __future__ import annotations

from flask import flash, make_response, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.journeys.agencies.providers import SignOnFailed
from portal.journeys.own_account.link_sign_on import begin_link, unlink_sign_on
from portal.journeys.signing_in.second_factor import CodeRefused
from portal.journeys.unacceptable import Unacceptable
from portal.journeys.views.providers import OwnSignOn, own_sign_on
from portal.policy.actions import Action
from portal.web import current
from portal.web.account.sign_on import KEPT, SECONDS, back_address
from portal.web.account.sign_on_words import person_words
from portal.web.current import the_signed_in
from portal.web.door import Door, page, parts
from portal.web.forms import CodeField, PortalForm
from portal.web.leaving import go

door = Door("account_sign_on", __name__, url_prefix="/account/agency")


class CodeForm(PortalForm):
    code = CodeField()


@door.get("", action=Action.OWN_ACCOUNT_READ)
def show() -> str:
    return _page(CodeForm())


@door.post("", action=Action.OWN_SIGN_ON_CHANGE)
def tie() -> str | Response:
    form, found = CodeForm(), the_signed_in()
    own = own_sign_on(parts().house, found)
    if form.validate_on_submit():
        try:
            back = back_address(found.agency.id)
            started = begin_link(parts().house, found, back, form.code.data)
        except CodeRefused as wrong:
            form.code.errors = [wrong.words]
        except SignOnFailed as failed:
            form.code.errors = [person_words(failed.why)]
        else:
            # A link to be followed, no redirect: a browser lets a form lead to this portal only.
            answer = make_response(page("sign_on/go.html", own=own, url=started.url))
            current.keep_sign_on(answer, KEPT, started.kept, SECONDS)
            return answer
    return _page(form, own)


@door.get("/untie", action=Action.OWN_ACCOUNT_READ)
def untie_form() -> str:
    return page("sign_on/untie.html", form=CodeForm(), back=url_for(".show"))


@door.post("/untie", action=Action.OWN_SIGN_ON_CHANGE)
def untie() -> str | Response:
    form = CodeForm()
    if form.validate_on_submit():
        try:
            unlink_sign_on(parts().house, the_signed_in(), form.code.data)
        except (CodeRefused, Unacceptable) as wrong:
            form.code.errors = [wrong.words]
        except SignOnFailed:
            return go(url_for(".show"))
        else:
            flash(_("Your agency's sign-in is no longer tied to your account."), "success")
            return go(url_for(".show"))
    return page("sign_on/untie.html", form=form, back=url_for(".show"))


def _page(form: CodeForm, own: OwnSignOn | None = None) -> str:
    found = own or own_sign_on(parts().house, the_signed_in())
    return page("sign_on/own.html", form=form, own=found, back=url_for("account_own.account"))
