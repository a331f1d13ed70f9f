"""A forgotten passphrase: recovery code, second factor, new passphrase, each on its page."""

from __future__ import annotations

from flask import redirect, url_for
from flask_babel import lazy_gettext as _l
from govuk_frontend_wtf.wtforms_widgets import GovTextInput
from werkzeug.wrappers import Response
from wtforms import HiddenField, StringField
from wtforms.validators import InputRequired

from portal.identity.passphrase import WeakPassphrase
from portal.identity.suggestion import suggest
from portal.journeys.own_account.own_factors import cards_of
from portal.journeys.signing_in.attempting import NotRight
from portal.journeys.signing_in.recall import Recalled
from portal.journeys.signing_in.recover import (
    Slipped,
    give_recovery_code,
    give_recovery_factor,
    recover,
)
from portal.journeys.signing_in.second_factor import CodeRefused
from portal.journeys.signing_in.sign_out import abandon
from portal.web import current
from portal.web.account.join import welcome
from portal.web.account.passkeys import shared_field
from portal.web.account.sign_in import email_to_try, problem, source
from portal.web.account.spoken import SpokenForm
from portal.web.door import Door, page, parts, public, recovering
from portal.web.forms import CodeField, PassphraseField, PortalForm
from portal.web.leaving import go, rotate_token

door = Door("account_recover", __name__, url_prefix="/recover")

WHY = "whoever forgot their passphrase cannot sign in"


class RecoveryForm(SpokenForm):
    email = StringField(
        _l("E-mail address"),
        [InputRequired(_l("Enter your e-mail address."))],
        widget=GovTextInput(),
    )
    recovery_code = StringField(
        _l("Recovery code"),
        [InputRequired(_l("Type the recovery code you wrote down."))],
        widget=GovTextInput(),
        description=_l("Nine parts of four letters or digits. Spaces and dashes do not matter."),
    )


class FactorForm(PortalForm):
    code = CodeField()


class AnewForm(PortalForm):
    suggested = HiddenField()
    passphrase = PassphraseField(_l("New passphrase"), _l("Enter a new passphrase."), new=True)
    shared = shared_field()


@door.get("", action=public(WHY))
def start() -> str:
    return page("account/recover.html", form=RecoveryForm())


@door.post("", action=public(WHY))
def start_post() -> str | Response:
    form = RecoveryForm()
    if form.validate_on_submit():
        try:
            email, code = email_to_try(form.email.data), form.recovery_code.data
            secret = give_recovery_code(parts().house, email, code, form.source())
        except Slipped as wrong:
            current.count_attempt("recover")
            form.recovery_code.errors = [wrong.words]
            return page("account/recover.html", form=form)
        except NotRight as wrong:
            current.count_attempt("recover")
            return page("account/recover.html", form=form, errors=problem(wrong.words, "email"))
        previous = current.present()
        if previous is not None:
            abandon(parts().house, previous)
        return _on(url_for(".code"), secret)
    return page("account/recover.html", form=form)


@door.get("/code", action=recovering)
def code() -> str | Response:
    return _passed() or _code_page(FactorForm())


@door.post("/code", action=recovering)
def code_post() -> str | Response:
    form, half = FactorForm(), _half()
    if half is not None and form.validate_on_submit():
        try:
            return _on(
                url_for(".passphrase"), give_recovery_factor(parts().house, half, form.code.data)
            )
        except (CodeRefused, NotRight) as wrong:
            current.count_attempt("code")
            form.code.errors = [wrong.words]
    return _code_page(form)


@door.get("/passphrase", action=recovering)
def passphrase() -> str | Response:
    if _passed() is None:
        return redirect(url_for(".code"))
    return page("account/recover_passphrase.html", form=AnewForm(data={"suggested": suggest()}))


@door.post("/passphrase", action=recovering)
def passphrase_post() -> str | Response:
    if _passed() is None:
        return redirect(url_for(".code"))
    form, half = AnewForm(), _half()
    if half is not None and form.validate_on_submit():
        try:
            done = recover(
                parts().house, half, form.passphrase.data, source(), shared=form.shared.data
            )
            return welcome(url_for("account_own.codes"), done)
        except WeakPassphrase as weak:
            form.passphrase.errors = [weak.words]
        except NotRight:
            return go(url_for(".start"))
    return page("account/recover_passphrase.html", form=form)


def _code_page(form: FactorForm) -> str:
    half = _half()
    shown = () if half is None else cards_of(parts().house, half.person.account_id)
    return page("account/code.html", form=form, cards=shown)


def _half() -> Recalled | None:
    return current.present()


def _passed() -> Response | None:
    """The way on, once the second factor was given."""
    half = _half()
    given = half is not None and half.session.factor_at is not None
    return redirect(url_for(".passphrase")) if given else None


def _on(path: str, secret: bytes) -> Response:
    rotate_token()
    answer = go(path)
    current.give_cookie(answer, secret)
    return answer
