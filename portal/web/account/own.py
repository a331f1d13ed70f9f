"""One's own account: what protects it, and the practice paper."""

from __future__ import annotations

from flask import abort, flash, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import HiddenField

from portal.identity.passphrase import WeakPassphrase
from portal.identity.suggestion import suggest
from portal.journeys.across.act_in import everywhere
from portal.journeys.joining.read_practice import read_practice
from portal.journeys.own_account.change_passphrase import change_passphrase
from portal.journeys.own_account.own_codes import is_group
from portal.journeys.own_account.renew_backup_codes import renew_backup_codes
from portal.journeys.own_account.rewrap_own import left_of_own
from portal.journeys.own_account.write_down import codes_wait, say_written_down, waiting_codes
from portal.journeys.signing_in.end_other_sessions import end_other_sessions
from portal.journeys.signing_in.second_factor import CodeRefused
from portal.journeys.unacceptable import Unacceptable
from portal.journeys.views.own_account import own_account
from portal.journeys.views.own_keys import own_keys
from portal.policy.actions import Action
from portal.web.account.factor_forms import KIND_WORDS
from portal.web.account.join import GroupForm
from portal.web.audit.words import sentence_of
from portal.web.current import the_signed_in
from portal.web.door import Door, me, page, parts, pdf_answer
from portal.web.forms import CodeField, PassphraseField, PortalForm
from portal.web.leaving import go

door = Door("account_own", __name__)


class RenewForm(PortalForm):
    code = CodeField()


class ChangeForm(PortalForm):
    suggested = HiddenField()
    passphrase = PassphraseField(_l("Present passphrase"), _l("Enter your present passphrase."))
    new_passphrase = PassphraseField(_l("New passphrase"), _l("Enter a new passphrase."), new=True)
    code = CodeField()


@door.get("/account/", action=Action.OWN_ACCOUNT_READ)
def account() -> str:
    found = the_signed_in()
    return page(
        "account/own.html",
        account=own_account(parts().house, found),
        kinds=KIND_WORDS,
        waiting=codes_wait(parts().house, found),
    )


@door.get("/account/keys", action=Action.OWN_ACCOUNT_READ)
def my_keys() -> str:
    house = parts().house
    found = own_keys(house, me())
    return page(
        "account/keys.html",
        back=url_for(".account"),
        found=found,
        left=sum(left_of_own(house, each.who()) for each in everywhere(house, the_signed_in())),
        told=[(line, sentence_of(line.deed, line.fields, found.pointed)) for line in found.lines],
        phone=the_signed_in().area.phone,
    )


@door.post("/account/sessions/end", action=Action.OWN_SESSION_END)
def end_others() -> Response:
    ended = end_other_sessions(parts().house, me())
    flash(_("Ended elsewhere: %(count)s.", count=ended), "success")
    return go(url_for(".account"))


@door.post("/account/sessions/<session_id>/end", action=Action.OWN_SESSION_END)
def end_one(session_id: str) -> Response:
    try:
        row = bytes.fromhex(session_id)
    except ValueError:
        abort(404)
    end_other_sessions(parts().house, me(), row)
    flash(_("That session has ended."), "success")
    return go(url_for(".account"))


@door.get("/account/backup-codes", action=Action.OWN_CODES_RENEW)
def renew() -> str:
    return page("account/backup_codes.html", form=RenewForm(), back=url_for(".account"))


@door.post("/account/backup-codes", action=Action.OWN_CODES_RENEW)
def renew_post() -> str | Response:
    form = RenewForm()
    if form.validate_on_submit():
        try:
            renew_backup_codes(parts().house, the_signed_in(), form.code.data)
            return go(url_for(".codes"))
        except CodeRefused as wrong:
            form.code.errors = [wrong.words]
    return page("account/backup_codes.html", form=form, back=url_for(".account"))


@door.get("/account/codes", action=Action.OWN_CODES_WRITE_DOWN)
def codes() -> str | Response:
    return _codes_page(GroupForm())


@door.post("/account/codes", action=Action.OWN_CODES_WRITE_DOWN)
def codes_post() -> str | Response:
    form, found = GroupForm(), the_signed_in()
    shown = waiting_codes(parts().house, found)
    if shown is None:
        return go(url_for(".account"))
    if not shown.recovery:
        say_written_down(parts().house, found)
        return go(url_for(".account"))
    if form.validate_on_submit():
        if is_group(shown, form.group.data):
            say_written_down(parts().house, found)
            return go(url_for(".account"))
        form.group.errors = [_("That is not the part we asked for. Look at what you wrote down.")]
    return _codes_page(form)


@door.get("/account/passphrase", action=Action.OWN_PASSPHRASE_CHANGE)
def passphrase() -> str:
    form = ChangeForm(data={"suggested": suggest()})
    return page("account/passphrase.html", form=form, back=url_for(".account"))


@door.post("/account/passphrase", action=Action.OWN_PASSPHRASE_CHANGE)
def passphrase_post() -> str | Response:
    form = ChangeForm()
    if form.validate_on_submit():
        try:
            change_passphrase(
                parts().house,
                the_signed_in(),
                form.passphrase.data,
                form.new_passphrase.data,
                form.code.data,
            )
        except WeakPassphrase as weak:
            form.new_passphrase.errors = [weak.words]
        except CodeRefused as wrong:
            form.code.errors = [wrong.words]
        except Unacceptable as wrong:
            form.passphrase.errors = [wrong.words]
        else:
            flash(_("Your passphrase has changed. You are signed out everywhere else."), "success")
            return go(url_for(".account"))
    return page("account/passphrase.html", form=form, back=url_for(".account"))


@door.get("/practice", action=Action.OWN_PRACTICE_READ)
def practice() -> str:
    return page("account/practice.html")


@door.post("/practice", action=Action.OWN_PRACTICE_READ)
def practice_post() -> Response:
    return pdf_answer(read_practice(parts().house, me()), "practice-paper.pdf")


def _codes_page(form: GroupForm) -> str | Response:
    shown = waiting_codes(parts().house, the_signed_in())
    if shown is None:
        return go(url_for(".account"))
    return page("account/codes.html", form=form, codes=shown)
