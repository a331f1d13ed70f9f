"""Locking the screen, and opening it again."""

from __future__ import annotations

from flask import make_response, request, url_for
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from portal.journeys.signing_in.attempting import NotRight
from portal.journeys.signing_in.lock_screen import (
    asked_to_reopen,
    lock_screen,
    reopen,
    reopen_with_passkey,
)
from portal.journeys.signing_in.recall import Locked
from portal.policy.actions import Action
from portal.web import current, drafts
from portal.web.account.passkeys import PasskeyForm, site
from portal.web.account.sign_in import problem, source
from portal.web.door import Door, local_path, me, page, parts, public
from portal.web.forms import PassphraseField, PortalForm
from portal.web.leaving import go

door = Door("account_lock", __name__)

WHY = "a locked session reaches nothing else"


class UnlockForm(PortalForm):
    passphrase = PassphraseField(_l("Passphrase"), _l("Enter your passphrase."))


@door.post("/lock", action=Action.OWN_SESSION_LOCK)
def lock() -> Response:
    """`next` is the page that was looked at; whatever else was sent is kept as its draft."""
    where = local_path(request.form.get("next"))
    drafts.keep_of(where)
    lock_screen(parts().house, me())
    answer = go(url_for(".locked", next=where))
    current.forget_pages(answer)
    return answer


@door.get("/locked", action=public(WHY))
def locked() -> str | Response:
    found = current.locked()
    where = local_path(request.args.get("next"))
    if found is None:
        return go(where)
    answer = make_response(_page(found, UnlockForm()))
    current.forget_pages(answer)
    return answer


@door.post("/locked", action=public(WHY))
def locked_post() -> str | Response:
    found, form = current.locked(), UnlockForm()
    where = local_path(request.args.get("next"))
    if found is None:
        return go(where)
    if form.validate_on_submit():
        try:
            secret = reopen(parts().house, found, form.passphrase.data, source())
        except NotRight as wrong:
            current.count_attempt("unlock")
            form.passphrase.errors = [wrong.words]
        else:
            return _open_again(where, secret)
    return _page(found, form)


@door.post("/locked/passkey", action=public(WHY))
def passkey() -> str | Response:
    found, form = current.locked(), PasskeyForm()
    where = local_path(request.args.get("next"))
    if found is None:
        return go(where)
    given = (form.answer.data or "", form.prf.data or "")
    try:
        secret = reopen_with_passkey(parts().house, site(), found, *given, source())
    except NotRight as wrong:
        current.count_attempt("unlock")
        return _page(found, UnlockForm(formdata=None), problem(wrong.words, "passkey"))
    return _open_again(where, secret)


def _open_again(where: str, secret: bytes) -> Response:
    answer = go(where)
    current.give_cookie(answer, secret)
    return answer


def _page(found: Locked, form: UnlockForm, errors: list[dict[str, str]] | None = None) -> str:
    return page(
        "account/locked.html",
        form=form,
        errors=errors,
        name=found.name,
        options=asked_to_reopen(parts().house, site(), found),
        next=local_path(request.args.get("next")),
    )
