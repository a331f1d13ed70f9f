"""Locking the screen, and opening it again."""

from __future__ import annotations

from flask import request, url_for
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from portal.journeys.signing_in.attempting import NotRight
from portal.journeys.signing_in.lock_screen import lock_screen, reopen
from portal.policy.actions import Action
from portal.web import current, drafts
from portal.web.account.sign_in import source
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
    return go(url_for(".locked", next=where))


@door.get("/locked", action=public(WHY))
def locked() -> str | Response:
    found = current.locked()
    where = local_path(request.args.get("next"))
    if found is None:
        return go(where)
    return page("account/locked.html", form=UnlockForm(), name=found.name)


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
            answer = go(where)
            current.give_cookie(answer, secret)
            return answer
    return page("account/locked.html", form=form, name=found.name)
