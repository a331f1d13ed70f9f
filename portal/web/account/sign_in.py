"""Signing in, in two steps, and out."""

from __future__ import annotations

from flask import make_response, request, url_for
from flask_babel import lazy_gettext as _l
from govuk_frontend_wtf.wtforms_widgets import GovTextInput
from werkzeug.wrappers import Response as AnyResponse
from wtforms import StringField
from wtforms.validators import InputRequired

from portal.identity.email_address import BadAddress, normalise
from portal.journeys.own_account.own_factors import cards_of
from portal.journeys.signing_in.attempting import NotRight
from portal.journeys.signing_in.lock_screen import leave_locked
from portal.journeys.signing_in.second_factor import CodeRefused
from portal.journeys.signing_in.sign_in import give_code, give_passphrase
from portal.journeys.signing_in.sign_in_with_passkey import (
    asked_alone,
    asked_second,
    give_passkey,
    sign_in_with_passkey,
)
from portal.journeys.signing_in.sign_out import abandon
from portal.journeys.signing_in.sign_out import sign_out as end_session
from portal.journeys.signing_in.throttling import Source
from portal.journeys.signing_in.whole_session import SignedIn
from portal.web import current
from portal.web.account.passkeys import PasskeySignInForm, browser, shared_field, site
from portal.web.account.sign_on_leaving import (
    AGENCY,
    LEAVING,
    agency_left,
    provider_to_leave,
    signed_in_through,
)
from portal.web.account.spoken import SpokenForm
from portal.web.door import Door, half_way, local_path, page, parts, public
from portal.web.forms import CodeField, PassphraseField, PortalForm
from portal.web.leaving import go, rotate_token

door = Door("account", __name__)

WHY = "whoever signs in is not signed in yet"


class SignInForm(SpokenForm):
    """E-mail address and passphrase."""

    email = StringField(
        _l("E-mail address"),
        [InputRequired(_l("Enter your e-mail address."))],
        widget=GovTextInput(),
    )
    passphrase = PassphraseField(_l("Passphrase"), _l("Enter your passphrase."))


class CodeForm(PortalForm):
    """The code of the second step, and whether this computer is one's own."""

    code = CodeField()
    shared = shared_field()


def source() -> Source:
    """Where this request comes from."""
    return Source(current.address(), current.device_token())


def email_to_try(typed: str) -> str:
    """The address as it is kept. One that cannot be one is tried like any other, at its price."""
    try:
        return normalise(typed)
    except BadAddress:
        return "nobody@invalid.invalid"


@door.get("/sign-in", action=public(WHY))
def sign_in() -> str | AnyResponse:
    if current.signed_in() is not None:
        return go(local_path(request.args.get("next")))
    return _page(SignInForm())


@door.post("/sign-in", action=public(WHY))
def sign_in_post() -> str | AnyResponse:
    form = SignInForm()
    if form.validate_on_submit():
        try:
            email = email_to_try(form.email.data)
            secret = give_passphrase(parts().house, email, form.passphrase.data, form.source())
        except NotRight as wrong:
            current.count_attempt("sign_in")
            return _page(form, problem(wrong.words, "email"))
        _leave_what_was()
        answer = go(url_for("account.code", next=local_path(request.args.get("next"))))
        current.give_cookie(answer, secret)
        return answer
    return _page(form)


@door.get("/sign-in/code", action=half_way)
def code() -> str:
    return _code_page(CodeForm())


@door.post("/sign-in/code", action=half_way)
def code_post() -> str | AnyResponse:
    form, half = CodeForm(), current.present()
    if half is not None and form.validate_on_submit():
        try:
            done = give_code(parts().house, half, form.code.data, source(), shared=form.shared.data)
        except (CodeRefused, NotRight) as wrong:
            current.count_attempt("code")
            form.code.errors = [wrong.words]
        else:
            rotate_token()
            return _whole(done)
    return _code_page(form)


@door.post("/sign-in/passkey", action=public(WHY))
def passkey() -> str | AnyResponse:
    form = PasskeySignInForm()
    try:
        done = sign_in_with_passkey(
            parts().house,
            site(),
            browser(),
            form.answer.data or "",
            form.prf.data or "",
            source(),
            shared=form.shared.data,
        )
    except NotRight as wrong:
        return _page(SignInForm(formdata=None), problem(wrong.words, "passkey"), form)
    _leave_what_was()
    return _whole(done)


@door.post("/sign-in/code/passkey", action=half_way)
def second_passkey() -> str | AnyResponse:
    form, half = PasskeySignInForm(), current.present()
    if half is None:
        return go(url_for("account.sign_in"))
    shared = form.shared.data
    try:
        done = give_passkey(
            parts().house, site(), half, form.answer.data or "", source(), shared=shared
        )
    except (CodeRefused, NotRight) as wrong:
        current.count_attempt("passkey")
        again = CodeForm(formdata=None, data={"shared": shared})
        return _code_page(again, problem(wrong.words, "passkey"))
    rotate_token()
    return _whole(done)


@door.post("/sign-out", action=public("somebody whose session is over may sign out too"))
def sign_out() -> AnyResponse:
    found = current.present()
    answer = go(url_for("account.signed_out", agency=signed_in_through()))
    current.drop_sign_on(answer, AGENCY)
    if found is not None:
        if current.signed_in() is not None:
            end_session(parts().house, found.who())
        else:
            abandon(parts().house, found)
        if found.session.terms.is_shared:
            current.take_everything(answer)
            rotate_token()
            return answer
        current.take_cookie(answer, found.session.id)
    behind = current.locked()
    if behind is not None:
        leave_locked(parts().house, behind)
        current.take_cookie(answer, behind.session_id)
    rotate_token()
    # Not the cookies: what is left of ours names an ended session, for a form in another tab.
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


@door.get("/signed-out", action=public("it says goodbye"))
def signed_out() -> AnyResponse:
    provider = provider_to_leave()
    answer = make_response(page("account/signed_out.html", provider=provider, left=agency_left()))
    current.drop_sign_on(answer, LEAVING)
    if provider is not None:
        provider.keep(answer)
    return answer


def _whole(done: SignedIn) -> AnyResponse:
    answer = go(local_path(request.args.get("next")))
    current.give_cookie(answer, done.secret)
    if done.device is not None:
        current.give_device(answer, done.device)
    return answer


def _leave_what_was() -> None:
    """Whoever signs in anew leaves what this browser had before."""
    previous = current.present()
    if previous is not None:
        abandon(parts().house, previous)
    behind = current.locked()
    if behind is not None:
        leave_locked(parts().house, behind)
    rotate_token()


def _page(
    form: SignInForm,
    errors: list[dict[str, str]] | None = None,
    passkey: PasskeySignInForm | None = None,
) -> str:
    return page(
        "account/sign_in.html",
        form=form,
        errors=errors,
        passkey=passkey or PasskeySignInForm(formdata=None),
        options=asked_alone(parts().house, site(), browser()),
        next=_next(),
    )


def _code_page(form: CodeForm, errors: list[dict[str, str]] | None = None) -> str:
    half = current.present()
    shown = () if half is None else cards_of(parts().house, half.person.account_id)
    options = None if half is None else asked_second(parts().house, site(), half)
    return page(
        "account/code.html", form=form, errors=errors, cards=shown, options=options, next=_next()
    )


def _next() -> str:
    return local_path(request.args.get("next"))


def problem(words: str, field: str) -> list[dict[str, str]]:
    """An error of the whole form, told at the top and linked to a field."""
    return [{"text": words, "href": f"#{field}"}]
