"""Doors for the agencies' single sign-on: recording it, seeing what is missing, opening it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from flask import flash, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from govuk_frontend_wtf.wtforms_widgets import GovRadioInput, GovSelect, GovTextInput
from werkzeug.wrappers import Response
from wtforms import PasswordField, RadioField, SelectField, StringField
from wtforms.validators import InputRequired

from portal.domain.ids import AgencyId
from portal.domain.sign_on import ProviderState
from portal.identity.sign_on.client import BadClient, Demand, Proof
from portal.journeys.agencies.record_provider import (
    NewSettings,
    close_provider,
    open_provider,
    record_provider,
)
from portal.journeys.signing_in.second_factor import CodeRefused
from portal.journeys.unacceptable import Unacceptable
from portal.journeys.views.providers import ProviderPage, provider_page, providers_page
from portal.policy.actions import Action
from portal.web.account.sign_on import back_address
from portal.web.account.sign_on_leaving import left_address, out_address
from portal.web.account.sign_on_words import PROOFS
from portal.web.coordinator.fields import choices, put
from portal.web.door import Door, me, page, parts
from portal.web.forms import CodeField, PassphraseInput, PortalForm
from portal.web.leaving import go

door = Door("unit_sign_on", __name__, url_prefix="/unit/sign-on")

STATES = {
    None: (_l("Not recorded"), "govuk-tag--grey"),
    ProviderState.TRIAL: (_l("On trial"), "govuk-tag--yellow"),
    ProviderState.OPEN: (_l("Open"), "govuk-tag--green"),
    ProviderState.CLOSED: (_l("Closed"), "govuk-tag--grey"),
}
AGES = {15: _l("15 minutes"), 60: _l("1 hour"), 240: _l("4 hours"), 480: _l("8 hours")}


class SettingsForm(PortalForm):
    """What the agency's IT gave us."""

    issuer = StringField(
        _l("Issuer"),
        [InputRequired(_l("Write the issuer the agency's IT gave you."))],
        widget=GovTextInput(),
        description=_l("An address beginning https://, exactly as they wrote it."),
    )
    client_id = StringField(
        _l("Client ID"),
        [InputRequired(_l("Write the client ID the agency's IT gave you."))],
        widget=GovTextInput(),
    )
    client_secret = PasswordField(
        _l("Client secret"),
        widget=PassphraseInput("off"),
        description=_l("It is kept sealed and never shown again. Left empty, it stays as it is."),
    )
    proof = RadioField(
        _l("How the provider proves that two factors were given"),
        [InputRequired(_l("Choose how two factors are proved."))],
        widget=GovRadioInput(),
        choices=choices(PROOFS),
    )
    accepted = StringField(
        _l("Values that count"),
        [InputRequired(_l("Write the value that proves two factors, such as mfa."))],
        widget=GovTextInput(),
        description=_l("With a space between where there are several."),
    )
    longest = SelectField(
        _l("How long ago the sign-in there may be"),
        [InputRequired(_l("Choose how long ago it may be."))],
        widget=GovSelect(),
        choices=choices(AGES),
        default="60",
    )
    code = CodeField()


class OpenForm(PortalForm):
    code = CodeField()


@door.get("/", action=Action.SIGN_ON_READ)
def agencies() -> str:
    things = providers_page(parts().house, me())
    return page("sign_on/agencies.html", things=things, state_words=STATES)


@door.get("/<agency_id>", action=Action.SIGN_ON_READ)
def show(agency_id: AgencyId) -> str:
    found = provider_page(parts().house, me(), agency_id)
    trial = parts().settings.base_url.rstrip("/") + url_for("sign_on.trial", agency_id=agency_id)
    return page(
        "sign_on/provider.html",
        back=url_for(".agencies"),
        found=found,
        state=STATES[found.state],
        proof_words=PROOFS,
        back_address=back_address(agency_id),
        out_address=out_address(),
        left_address=left_address(agency_id),
        trial_address=trial,
    )


@door.get("/<agency_id>/settings", action=Action.SIGN_ON_RECORD)
@door.post("/<agency_id>/settings", action=Action.SIGN_ON_RECORD)
def settings(agency_id: AgencyId) -> str | Response:
    found = _to_record(agency_id)
    form = SettingsForm.at(request, data=_present(found))

    def record() -> None:
        record_provider(parts().house, me(), agency_id, _typed(form), form.code.data)
        flash(_("Recorded, for trial. Now let the agency's IT try it."), "success")

    return _confirmed("sign_on/settings.html", found, form, record)


@door.get("/<agency_id>/open", action=Action.SIGN_ON_RECORD)
@door.post("/<agency_id>/open", action=Action.SIGN_ON_RECORD)
def let_in(agency_id: AgencyId) -> str | Response:
    form = OpenForm()

    def open_it() -> None:
        open_provider(parts().house, me(), agency_id, form.code.data)
        flash(_("Open. The agency's people can now tie it to their accounts."), "success")

    return _confirmed("sign_on/open.html", _to_record(agency_id), form, open_it)


@door.post("/<agency_id>/close", action=Action.SIGN_ON_RECORD)
def close(agency_id: AgencyId) -> Response:
    try:
        close_provider(parts().house, me(), agency_id)
        flash(_("Closed. Nobody signs in by it any more."), "success")
    except Unacceptable as refused:
        flash(refused.words)
    return go(url_for(".show", agency_id=agency_id))


def _to_record(agency_id: AgencyId) -> ProviderPage:
    return provider_page(parts().house, me(), agency_id, Action.SIGN_ON_RECORD)


def _confirmed(
    template: str,
    found: ProviderPage,
    form: SettingsForm | OpenForm,
    act: Callable[[], None],
) -> str | Response:
    """The form's page, or, once what it asks for is done, the page of this agency."""
    back = url_for(".show", agency_id=found.agency.id)
    errors = None
    if form.validate_on_submit():
        try:
            act()
            return go(back)
        except Unacceptable as refused:
            errors = put(form, refused)
        except CodeRefused as wrong:
            form.code.errors = [wrong.words]
    return page(template, back=back, found=found, form=form, errors=errors)


def _present(found: ProviderPage) -> dict[str, str]:
    if found.client is None:
        return {}
    demand = found.client.demand
    return {
        "issuer": found.client.issuer,
        "client_id": found.client.client_id,
        "proof": demand.proof.value,
        "accepted": " ".join(demand.accepted),
        "longest": str(int(demand.longest.total_seconds()) // 60),
    }


def _typed(form: SettingsForm) -> NewSettings:
    try:
        demand = Demand(
            Proof(form.proof.data),
            tuple(form.accepted.data.split()),
            timedelta(minutes=int(form.longest.data)),
        )
    except BadClient as bad:
        words = _("Write one to ten values without spaces, each once.")
        raise Unacceptable(bad.field, words) from None
    return NewSettings(form.issuer.data, form.client_id.data, form.client_secret.data or "", demand)
