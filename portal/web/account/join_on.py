"""Going on with joining where it stopped: the passphrase that was chosen, then a code."""

from __future__ import annotations

from flask import redirect, url_for
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from portal.identity.invitation import NotUsable
from portal.journeys.joining.go_on import Left, give_code_again, go_on, left_at, was_begun
from portal.journeys.own_account.own_factors import cards_of
from portal.journeys.signing_in.attempting import NotRight
from portal.journeys.signing_in.recall import Recalled
from portal.journeys.signing_in.second_factor import CodeRefused
from portal.web import current
from portal.web.account.join import not_usable, on_to, who_joins
from portal.web.account.sign_in import source
from portal.web.door import Door, joining, page, parts
from portal.web.forms import CodeField, PassphraseField, PortalForm

door = Door("account_join_on", __name__, url_prefix="/join")
door.register_error_handler(NotUsable, not_usable)


class SavedForm(PortalForm):
    """The passphrase that was chosen before."""

    passphrase = PassphraseField(_l("Passphrase"), _l("Enter the passphrase you chose."))


class AgainForm(PortalForm):
    """A code of the factor that was set before."""

    code = CodeField()


@door.get("/saved", action=joining)
def saved() -> str | Response:
    return _no_more(who_joins()) or _saved_page(SavedForm())


@door.post("/saved", action=joining)
def saved_post() -> str | Response:
    form, half = SavedForm(), who_joins()
    if (elsewhere := _no_more(half)) is not None:
        return elsewhere
    if form.validate_on_submit():
        try:
            secret = go_on(parts().house, half, form.passphrase.data, source())
        except NotRight as wrong:
            current.count_attempt("joining")
            form.passphrase.errors = [wrong.words]
        else:
            return on_to(url_for(".next_step"), secret)
    return _saved_page(form)


@door.get("/next", action=joining)
def next_step() -> Response:
    """The step at which they stopped."""
    half = who_joins()
    if half.keyring is not None and left_at(parts().house, half) is Left.CARD:
        return redirect(url_for("account_join.card"))
    return redirect(url_for("account_join.codes"))


@door.get("/code", action=joining)
def code() -> str | Response:
    half = who_joins()
    return _no_code(half) or _code_page(half, AgainForm())


@door.post("/code", action=joining)
def code_post() -> str | Response:
    form, half = AgainForm(), who_joins()
    if (elsewhere := _no_code(half)) is not None:
        return elsewhere
    if form.validate_on_submit():
        try:
            secret = give_code_again(parts().house, half, form.code.data)
        except CodeRefused as wrong:
            current.count_attempt("code")
            form.code.errors = [wrong.words]
        else:
            return on_to(url_for("account_join.codes"), secret)
    return _code_page(half, form)


def _no_more(half: Recalled) -> Response | None:
    """Where there is no passphrase to type: the way to the step to do now."""
    if was_begun(parts().house, half):
        return None
    return redirect(url_for("account_join.who"))


def _no_code(half: Recalled) -> Response | None:
    given = half.keyring is None or half.session.factor_at is not None
    if not given and left_at(parts().house, half) is Left.CODE:
        return None
    return redirect(url_for("account_join.who"))


def _saved_page(form: SavedForm) -> str:
    return page("account/join_saved.html", form=form, anew=url_for("account_join.who", anew=1))


def _code_page(half: Recalled, form: AgainForm) -> str:
    shown = cards_of(parts().house, half.person.account_id)
    return page("account/join_code.html", form=form, cards=shown)
