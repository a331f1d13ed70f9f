"""Signing in through one's agency: choosing it, coming back, and the portal's own passphrase."""

from __future__ import annotations

from flask import make_response, redirect, request, url_for
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from portal.domain.ids import AgencyId
from portal.identity.invitation import NotUsable
from portal.journeys.agencies.providers import SignOnFailed
from portal.journeys.agencies.try_provider import trial_page, try_provider
from portal.journeys.joining.join_sign_on import set_sign_on
from portal.journeys.own_account.link_sign_on import link_sign_on
from portal.journeys.signing_in.attempting import NotRight
from portal.journeys.signing_in.begin_sign_on import LASTS, Purpose, Started, begin_sign_on
from portal.journeys.signing_in.come_back import CameBack, come_back
from portal.journeys.signing_in.left_there import left_there
from portal.journeys.signing_in.lock_screen import leave_locked
from portal.journeys.signing_in.sign_in_by_provider import (
    Ticket,
    asked_by_ticket,
    open_by_passkey,
    sign_in_by_provider,
    take_ticket,
    ticket_of,
)
from portal.journeys.signing_in.sign_out import abandon
from portal.journeys.signing_in.whole_session import SignedIn
from portal.journeys.views.providers import sign_on_choices
from portal.records.sessions import Stage
from portal.web import current, errors
from portal.web.account.passkeys import PasskeySignInForm, shared_field, site
from portal.web.account.sign_in import WHY, problem, source
from portal.web.account.sign_on_leaving import AGENCY, left_address, out_address
from portal.web.account.sign_on_words import CHECKS, it_words, person_words
from portal.web.door import Door, local_path, page, parts, public, signed
from portal.web.forms import PassphraseField, PortalForm
from portal.web.leaving import go, rotate_token

door = Door("sign_on", __name__, url_prefix="/sign-in")

KEPT, TICKET = "sign-on", "ticket"
SECONDS = int(LASTS.total_seconds())
TRIAL_WHY = "the agency's IT has no account; it tries only what is on trial"
Answer = str | Response | tuple[str, int]


class UnlockForm(PortalForm):
    """The portal's own passphrase, and whether this computer is one's own."""

    passphrase = PassphraseField(_l("Passphrase"), _l("Enter your passphrase."))
    shared = shared_field()


def back_address(agency_id: AgencyId) -> str:
    """The address of this portal to which this agency's provider sends people back."""
    return parts().settings.base_url.rstrip("/") + url_for("sign_on.back", agency_id=agency_id)


def sent(started: Started) -> Response:
    """On to the provider, with what the browser keeps meanwhile."""
    answer = redirect(started.url, 303)
    current.keep_sign_on(answer, KEPT, started.kept, SECONDS)
    return answer


@door.get("/agency", action=public(WHY))
def choose() -> str:
    choices = sign_on_choices(parts().house)
    several = len({choice.area for choice in choices}) > 1
    then = local_path(request.args.get("next"))
    return page("sign_on/choose.html", choices=choices, several=several, then=then)


@door.get("/agency/<agency_id>", action=public(WHY))
def begin(agency_id: AgencyId) -> Answer:
    then = local_path(request.args.get("next"))
    try:
        started = begin_sign_on(
            parts().house, agency_id, back_address(agency_id), Purpose.SIGN_IN, then=then
        )
    except SignOnFailed as failed:
        return failed_page(failed)
    return sent(started)


@door.get("/agency/<agency_id>/back", action=public("the provider sends people back here"))
def back(agency_id: AgencyId) -> Answer:
    try:
        answer = _next(_came(agency_id))
    except SignOnFailed as failed:
        answer = make_response(failed_page(failed))
    current.drop_sign_on(answer, KEPT)
    return answer


@door.get("/passphrase", action=public(WHY))
def passphrase() -> Answer:
    try:
        ticket = ticket_of(parts().house, current.kept_sign_on(TICKET))
    except SignOnFailed as failed:
        return failed_page(failed)
    return _unlock_page(ticket, UnlockForm())


@door.post("/passphrase", action=public(WHY))
def passphrase_post() -> Answer:
    form = UnlockForm()
    try:
        ticket = ticket_of(parts().house, current.kept_sign_on(TICKET))
        if not form.validate_on_submit():
            return _unlock_page(ticket, form)
        done = sign_in_by_provider(
            parts().house, ticket, form.passphrase.data, source(), shared=form.shared.data
        )
    except NotRight as wrong:
        current.count_attempt("sign_in")
        return _unlock_page(ticket, form, problem(wrong.words, "passphrase"))
    except SignOnFailed as failed:
        return failed_page(failed)
    return _enter(ticket, done)


@door.post("/passphrase/passkey", action=public(WHY))
def passkey() -> Answer:
    form = PasskeySignInForm()
    shared = form.shared.data
    given = (form.answer.data or "", form.prf.data or "")
    try:
        ticket = ticket_of(parts().house, current.kept_sign_on(TICKET))
        done = open_by_passkey(parts().house, site(), ticket, *given, source(), shared=shared)
    except NotRight as wrong:
        current.count_attempt("passkey")
        again = UnlockForm(formdata=None, data={"shared": shared})
        return _unlock_page(ticket, again, problem(wrong.words, "passkey"))
    except SignOnFailed as failed:
        return failed_page(failed)
    return _enter(ticket, done)


def _unlock_page(
    ticket: Ticket, form: UnlockForm, errors: list[dict[str, str]] | None = None
) -> str:
    options = asked_by_ticket(parts().house, site(), ticket)
    return page("sign_on/passphrase.html", form=form, errors=errors, options=options)


def _enter(ticket: Ticket, done: SignedIn) -> Response:
    previous = current.present()
    if previous is not None:
        abandon(parts().house, previous)
    behind = current.locked()
    if behind is not None:
        leave_locked(parts().house, behind)
    rotate_token()
    answer = go(local_path(ticket.then))
    current.give_cookie(answer, done.secret)
    current.drop_sign_on(answer, TICKET)
    if done.device is not None:
        current.give_device(answer, done.device)
    current.keep_sign_on(answer, AGENCY, ticket.agency_id.encode(), 12 * 3600)
    return answer


@door.get("/agency/<agency_id>/trial", action=public(TRIAL_WHY))
def trial(agency_id: AgencyId) -> Answer:
    try:
        found = trial_page(parts().house, agency_id)
    except SignOnFailed:
        return errors.outsider(404)
    return page(
        "sign_on/trial.html",
        found=found,
        words=CHECKS,
        it_words=it_words,
        back_address=back_address(agency_id),
        out_address=out_address(),
        left_address=left_address(agency_id),
        begin=url_for(".begin_trial", agency_id=agency_id),
    )


@door.get("/agency/<agency_id>/trial/begin", action=public(TRIAL_WHY))
def begin_trial(agency_id: AgencyId) -> Answer:
    try:
        started = begin_sign_on(parts().house, agency_id, back_address(agency_id), Purpose.TRIAL)
    except SignOnFailed as failed:
        return errors.outsider(404) if failed.why == "closed" else failed_page(failed)
    return sent(started)


@door.post("/agency/<agency_id>/left", action=signed("the provider says whom it has signed out"))
def left(agency_id: AgencyId) -> Response:
    """OpenID Connect Back-Channel Logout 1.0, section 2.8: whatever is wrong, the answer is one."""
    told = request.form.getlist("logout_token")
    try:
        left_there(parts().house, agency_id, told[0] if len(told) == 1 else "", current.address())
    except SignOnFailed:
        current.count_attempt("signed_out_there")
        return make_response("", 400)
    return make_response("", 200)


def _came(agency_id: AgencyId) -> CameBack:
    if any(len(values) > 1 for _name, values in request.args.lists()):
        raise SignOnFailed("answer_twice")
    return come_back(
        parts().house,
        agency_id,
        back_address(agency_id),
        current.kept_sign_on(KEPT),
        request.args.to_dict(),
        current.address(),
    )


def _next(came: CameBack) -> Response:
    if came.kept.purpose is Purpose.TRIAL:
        try_provider(parts().house, came)
        return make_response(page("sign_on/tried.html"))
    if came.kept.purpose is Purpose.JOIN:
        return _joined(came)
    if came.kept.purpose is Purpose.LINK:
        found = current.signed_in()
        if found is None:
            raise SignOnFailed("elsewhere")
        link_sign_on(parts().house, found, came)
        return go(url_for("account_sign_on.show"))
    answer = go(url_for(".passphrase"))
    current.keep_sign_on(answer, TICKET, take_ticket(parts().house, came), SECONDS)
    return answer


def _joined(came: CameBack) -> Response:
    """A step further in joining, with this in the place of a code."""
    half = current.present()
    if half is None or half.stage is not Stage.JOINING:
        raise SignOnFailed("elsewhere")
    try:
        secret = set_sign_on(parts().house, half, came)
    except NotUsable:
        raise SignOnFailed("invitation") from None
    rotate_token()
    answer = go(url_for("account_join.codes"))
    current.give_cookie(answer, secret)
    return answer


def failed_page(failed: SignOnFailed) -> tuple[str, int]:
    """What went wrong, in words for the person and for their IT."""
    current.count_attempt("sign_on")
    half = current.present()
    body = page(
        "sign_on/failed.html",
        words=person_words(failed.why),
        it=it_words(failed.why),
        joins=half is not None and half.stage is Stage.JOINING,
    )
    return body, 403
