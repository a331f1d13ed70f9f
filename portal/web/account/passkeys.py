"""Passkeys: adding one, and signing in with one. The only pages that need a script."""

from __future__ import annotations

from flask import flash, request, session, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import generate_csrf
from govuk_frontend_wtf.wtforms_widgets import GovCheckboxInput, GovTextInput
from werkzeug.wrappers import Response
from wtforms import BooleanField, HiddenField, StringField
from wtforms.validators import InputRequired, Length

from portal.identity.passkey import BadPasskey, Site, site_of
from portal.journeys.own_account.add_passkey import (
    begin_passkey,
    make_passkey,
    passkey_to_make,
    try_passkey,
)
from portal.journeys.own_account.own_factors import LONGEST_NAME
from portal.journeys.signing_in.second_factor import CodeRefused
from portal.journeys.unacceptable import Unacceptable
from portal.policy.actions import Action
from portal.web.current import count_attempt, parts, the_signed_in
from portal.web.door import Door, page
from portal.web.forms import CodeField, PortalForm
from portal.web.leaving import go

door = Door("account_passkeys", __name__, url_prefix="/account/passkeys")

FAILED = _l(
    "That did not work on this device. Try again, or use a code app, a key-fob or a code card."
)


class AddPasskeyForm(PortalForm):
    """What its owner calls it, and a fresh code of what they have already."""

    name = StringField(
        _l("What will you call it?"),
        [
            InputRequired(_l("Give it a name that you will know it by.")),
            Length(max=LONGEST_NAME, message=_l("Write at most %(max)d characters.")),
        ],
        widget=GovTextInput(),
        description=_l("For example: office laptop."),
    )
    code = CodeField()


class PasskeyForm(PortalForm):
    """What the device answered; the script fills it in."""

    answer = HiddenField()
    prf = HiddenField()


def shared_field() -> BooleanField:
    """Whether others use this computer: asked wherever a whole session begins."""
    return BooleanField(
        _l("Other people use this computer"),
        description=_l("You can then only read, and are signed out after 10 minutes without use."),
        widget=GovCheckboxInput(),
    )


class PasskeySignInForm(PasskeyForm):
    """The same where a session begins with it. Where another form of the page asks about the
    computer, the script brings what was answered there."""

    shared = shared_field()


def site() -> Site:
    """Where passkeys belong: by the configured address, whatever a request says."""
    return site_of(parts().settings.base_url)


def browser() -> str:
    """What names this browser before anybody is signed in: the token of its forms."""
    generate_csrf()
    return str(session["csrf_token"])


@door.get("/add", action=Action.OWN_FACTOR_ADD)
def add() -> str:
    return _add_page(AddPasskeyForm.at(request))


@door.post("/add", action=Action.OWN_FACTOR_ADD)
def add_post() -> str | Response:
    form = AddPasskeyForm()
    if form.validate_on_submit():
        try:
            begun = begin_passkey(parts().house, the_signed_in(), form.name.data, form.code.data)
            return go(url_for(".set_up", passkey_id=begun))
        except CodeRefused as wrong:
            form.code.errors = [wrong.words]
        except Unacceptable as wrong:
            form.name.errors = [wrong.words]
    return _add_page(form)


@door.get("/<passkey_id>/set-up", action=Action.OWN_FACTOR_ADD)
def set_up(passkey_id: str) -> str:
    return _set_up_page(passkey_id)


@door.post("/<passkey_id>/set-up", action=Action.OWN_FACTOR_ADD)
def set_up_post(passkey_id: str) -> str | Response:
    house, found, form = parts().house, the_signed_in(), PasskeyForm()
    begun = passkey_to_make(house, site(), found, passkey_id)
    try:
        if not begun.is_made:
            make_passkey(house, site(), found, passkey_id, form.answer.data or "")
            return go(url_for(".set_up", passkey_id=passkey_id))
        opens = try_passkey(
            house, site(), found, passkey_id, form.answer.data or "", form.prf.data or ""
        )
    except BadPasskey:
        count_attempt("passkey")
        return _set_up_page(passkey_id, failed=True)
    if opens:
        flash(_("It works: with one touch you sign in, and your papers open."), "success")
    else:
        flash(_("It works in place of a code. You still need your passphrase."), "success")
    return go(url_for("account_own.account"))


def _add_page(form: AddPasskeyForm) -> str:
    return page("account/passkey_add.html", form=form, back=url_for("account_own.account"))


def _set_up_page(passkey_id: str, *, failed: bool = False) -> str:
    begun = passkey_to_make(parts().house, site(), the_signed_in(), passkey_id)
    return page(
        "account/passkey_set_up.html",
        begun=begun,
        errors=[{"text": FAILED, "href": "#passkey"}] if failed else None,
        back=url_for("account_own.account"),
    )
