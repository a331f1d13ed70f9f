"""One's second factors: add one, prove it, take one away; and what to do when something is lost."""

from __future__ import annotations

from base64 import b64encode

from flask import flash, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.domain.factors import FactorKind
from portal.journeys.own_account.begin_factor import begin_factor
from portal.journeys.own_account.prove_factor import (
    ToProve,
    factor_to_prove,
    prove_code_app,
    prove_code_card,
    prove_key_fob,
)
from portal.journeys.own_account.remove_factor import factor_to_remove, remove_factor
from portal.journeys.own_account.renew_recovery_code import renew_recovery_code
from portal.journeys.signing_in.second_factor import CodeRefused
from portal.journeys.unacceptable import Unacceptable
from portal.journeys.views.own_account import own_account
from portal.policy.actions import Action
from portal.web.account.factor_forms import AddForm, FobForm, NewCodeForm, TakeAwayForm
from portal.web.current import the_signed_in
from portal.web.door import Door, page, parts
from portal.web.forms import PortalForm
from portal.web.leaving import go

door = Door("account_factors", __name__, url_prefix="/account")


@door.get("/lost", action=Action.OWN_ACCOUNT_READ)
def lost() -> str:
    found = the_signed_in()
    return page(
        "account/lost.html",
        account=own_account(parts().house, found),
        area=found.area,
        back=_back(),
    )


@door.get("/factors/add", action=Action.OWN_FACTOR_ADD)
def add() -> str:
    form = AddForm.at(request)
    if not form.kind.data:
        form.kind.data = request.args.get("kind")
    return _add_page(form)


@door.post("/factors/add", action=Action.OWN_FACTOR_ADD)
def add_post() -> str | Response:
    form = AddForm()
    if form.validate_on_submit():
        try:
            begun = begin_factor(
                parts().house,
                the_signed_in(),
                FactorKind(form.kind.data),
                form.name.data,
                form.code.data,
                request.args.get("instead") or None,
            )
            return go(url_for(".set_up", factor_id=begun))
        except CodeRefused as wrong:
            form.code.errors = [wrong.words]
        except Unacceptable as wrong:
            form[wrong.field].errors = [wrong.words]
    return _add_page(form)


@door.get("/factors/<factor_id>/set-up", action=Action.OWN_FACTOR_ADD)
def set_up(factor_id: str) -> str:
    begun = factor_to_prove(parts().house, the_signed_in(), factor_id)
    return _set_up_page(begun, _form_for(begun))


@door.post("/factors/<factor_id>/set-up", action=Action.OWN_FACTOR_ADD)
def set_up_post(factor_id: str) -> str | Response:
    house, found = parts().house, the_signed_in()
    begun = factor_to_prove(house, found, factor_id)
    form = _form_for(begun)
    if form.validate_on_submit():
        code = form.code.data
        try:
            if isinstance(form, FobForm):
                prove_key_fob(house, found, begun.id, form.seed.data, code, pressed=form.pressed)
            elif begun.kind is FactorKind.CODE_CARD:
                prove_code_card(house, found, begun.id, code)
            else:
                prove_code_app(house, found, begun.id, code)
        except CodeRefused as wrong:
            form.code.errors = [wrong.words]
        except Unacceptable as wrong:
            form[wrong.field].errors = [wrong.words]
        else:
            flash(_("It works, and counts from now on."), "success")
            return go(_back())
    return _set_up_page(begun, form)


@door.get("/factors/<factor_id>/remove", action=Action.OWN_FACTOR_REMOVE)
def remove(factor_id: str) -> str:
    return _remove_page(factor_id, TakeAwayForm())


@door.post("/factors/<factor_id>/remove", action=Action.OWN_FACTOR_REMOVE)
def remove_post(factor_id: str) -> str | Response:
    form = TakeAwayForm()
    if form.validate_on_submit():
        try:
            remove_factor(parts().house, the_signed_in(), factor_id, form.code.data)
        except (CodeRefused, Unacceptable) as wrong:
            form.code.errors = [wrong.words]
        else:
            flash(_("It counts no more. You are signed out everywhere else."), "success")
            return go(_back())
    return _remove_page(factor_id, form)


@door.get("/recovery-code", action=Action.OWN_CODES_RENEW)
def recovery() -> str:
    return page("account/recovery_code.html", form=TakeAwayForm(), back=_back())


@door.post("/recovery-code", action=Action.OWN_CODES_RENEW)
def recovery_post() -> str | Response:
    form = TakeAwayForm()
    if form.validate_on_submit():
        try:
            renew_recovery_code(parts().house, the_signed_in(), form.code.data)
            return go(url_for("account_own.codes"))
        except CodeRefused as wrong:
            form.code.errors = [wrong.words]
    return page("account/recovery_code.html", form=form, back=_back())


def _back() -> str:
    return url_for("account_own.account")


def _add_page(form: AddForm) -> str:
    return page("account/factor_add.html", form=form, back=_back())


def _form_for(begun: ToProve) -> FobForm | NewCodeForm:
    return FobForm() if begun.kind is FactorKind.KEY_FOB else NewCodeForm()


def _set_up_page(begun: ToProve, form: PortalForm) -> str:
    picture = ""
    if begun.app is not None:
        picture = "data:image/png;base64," + b64encode(begun.app.png).decode("ascii")
    return page("account/factor_set_up.html", begun=begun, form=form, picture=picture, back=_back())


def _remove_page(factor_id: str, form: TakeAwayForm) -> str:
    factor = factor_to_remove(parts().house, the_signed_in(), factor_id)
    return page("account/factor_remove.html", factor=factor, form=form, back=_back())
