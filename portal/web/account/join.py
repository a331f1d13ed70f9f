"""Joining, one thing to a page: who you are, passphrase, code app, codes on paper."""

from __future__ import annotations

from base64 import b64encode

from flask import make_response, redirect, request, url_for
from flask_babel import lazy_gettext as _l
from govuk_frontend_wtf.wtforms_widgets import GovTextInput
from werkzeug.wrappers import Response
from wtforms import HiddenField, StringField
from wtforms.validators import InputRequired

from portal.identity.invitation import NotUsable
from portal.identity.passphrase import WeakPassphrase
from portal.identity.suggestion import suggest
from portal.journeys.agencies.providers import SignOnFailed
from portal.journeys.joining import go_on, join_factor, join_sign_on
from portal.journeys.joining import join as joins
from portal.journeys.joining.follow_link import BeginsAnew, HasAccount, follow_link, look_at_link
from portal.journeys.signing_in.recall import Recalled
from portal.journeys.signing_in.second_factor import CodeRefused
from portal.journeys.signing_in.whole_session import SignedIn
from portal.journeys.unacceptable import Unacceptable
from portal.journeys.views.own_account import own_account
from portal.policy.actions import Action
from portal.web import current, errors
from portal.web.account.factor_forms import FobForm
from portal.web.account.passkeys import shared_field
from portal.web.account.sign_on import KEPT, SECONDS, back_address, failed_page
from portal.web.account.sign_on_words import person_words
from portal.web.door import Door, joining, page, parts, public
from portal.web.forms import CodeField, PassphraseField, PortalForm
from portal.web.leaving import go, rotate_token

door = Door("account_join", __name__, url_prefix="/join")

ANEW = "anew"
FACTORS = ("code_app", "key_fob", "card", "agency")
AGAIN = ("agency",)
WHY = "whoever is invited has no account yet; only the link's token opens it"


class BeginForm(PortalForm):
    """One button: it spends nothing."""


class NewPassphraseForm(PortalForm):
    """The suggested passphrase, or one's own."""

    suggested = HiddenField()
    passphrase = PassphraseField(_l("Passphrase"), _l("Enter a passphrase."), new=True)


class FirstCodeForm(PortalForm):
    """A code from the app that was just set up."""

    code = CodeField(
        _l("Code from your code app"),
        needed=_l("Enter the code that your app shows now."),
        description=_l("The six digits your code app shows now."),
    )


class FirstFobForm(FobForm):
    """The fob of whoever joins, proved by a code that it shows."""


class FirstCardForm(PortalForm):
    """A code of the card that was printed just now, or handed over before."""

    code = CodeField(
        _l("Code number 1 of your card"),
        description=_l("Two groups of four letters or digits. Cross it out afterwards."),
    )


class GroupForm(PortalForm):
    """One part of the recovery code, typed back."""

    group = StringField(
        _l("Part 4 of your recovery code"),
        [InputRequired(_l("Type part 4 of the recovery code you wrote down."))],
        widget=GovTextInput(),
        description=_l("Four letters or digits. Capitals or not makes no difference."),
    )


class LastStepForm(GroupForm):
    """The same, and whether this computer is one's own: a session begins."""

    shared = shared_field()


@door.errorhandler(NotUsable)
def not_usable(_error: NotUsable) -> tuple[str, int]:
    current.count_attempt("joining_link")
    return errors.outsider(404)


@door.get("/<token>", action=public(WHY))
def start(token: str) -> str:
    return page(
        "account/join_start.html", form=BeginForm(), area=look_at_link(parts().house, token)
    )


@door.post("/<token>", action=public(WHY))
def begin(token: str) -> str | Response:
    form = BeginForm()
    if not form.validate_on_submit():
        return start(token)
    try:
        secret = follow_link(parts().house, token)
    except BeginsAnew:
        return page("account/join_anew.html", token=token)
    except HasAccount:
        return redirect(url_for("account_accept.accept", token=token))
    return on_to(url_for(".who"), secret)


@door.get("/again", action=public("it says what to do"))
def again() -> str:
    return page("account/join_again.html")


@door.get("/who", action=joining)
def who() -> str | Response:
    half = who_joins()
    # Whoever has chosen a passphrase goes on with it, unless they say that they begin anew.
    if ANEW not in request.args and go_on.was_begun(parts().house, half):
        return redirect(url_for("account_join_on.saved"))
    return _step(half, "who") or page("account/join_who.html", half=half)


@door.get("/passphrase", action=joining)
def passphrase() -> str | Response:
    half = who_joins()
    form = NewPassphraseForm(data={"suggested": suggest()})
    return _step(half, "passphrase") or page("account/join_passphrase.html", form=form)


@door.post("/passphrase", action=joining)
def passphrase_post() -> str | Response:
    form, half = NewPassphraseForm(), who_joins()
    if (elsewhere := _step(half, "passphrase")) is not None:
        return elsewhere
    if form.validate_on_submit():
        try:
            secret = joins.set_first_passphrase(
                parts().house, half, form.passphrase.data, current.address()
            )
            return on_to(url_for(".code_app"), secret)
        except WeakPassphrase as weak:
            form.passphrase.errors = [weak.words]
    return page("account/join_passphrase.html", form=form)


@door.get("/code-app", action=joining)
def code_app() -> str | Response:
    half = who_joins()
    return _step(half, "code_app") or _code_app_page(half, FirstCodeForm())


@door.post("/code-app", action=joining)
def code_app_post() -> str | Response:
    form, half = FirstCodeForm(), who_joins()
    if (elsewhere := _step(half, "code_app")) is not None:
        return elsewhere
    if form.validate_on_submit():
        try:
            return on_to(
                url_for(".codes"), join_factor.set_code_app(parts().house, half, form.code.data)
            )
        except CodeRefused as wrong:
            form.code.errors = [wrong.words]
    return _code_app_page(half, form)


@door.get("/key-fob", action=joining)
def key_fob() -> str | Response:
    return _step(who_joins(), "key_fob") or page("account/join_key_fob.html", form=FirstFobForm())


@door.post("/key-fob", action=joining)
def key_fob_post() -> str | Response:
    form, half = FirstFobForm(), who_joins()
    if (elsewhere := _step(half, "key_fob")) is not None:
        return elsewhere
    if form.validate_on_submit():
        try:
            secret = join_factor.set_key_fob(
                parts().house, half, form.seed.data, form.code.data, pressed=form.pressed
            )
            return on_to(url_for(".codes"), secret)
        except CodeRefused as wrong:
            form.code.errors = [wrong.words]
        except Unacceptable as wrong:
            form.seed.errors = [wrong.words]
    return page("account/join_key_fob.html", form=form)


@door.get("/card", action=joining)
def card() -> str | Response:
    half = who_joins()
    return _step(half, "card") or _card_page(half, FirstCardForm())


@door.post("/card", action=joining)
def card_post() -> str | Response:
    form, half = FirstCardForm(), who_joins()
    if (elsewhere := _step(half, "card")) is not None:
        return elsewhere
    if form.validate_on_submit():
        try:
            return on_to(
                url_for(".codes"), join_factor.set_card(parts().house, half, form.code.data)
            )
        except CodeRefused as wrong:
            form.code.errors = [wrong.words]
    return _card_page(half, form)


@door.post("/card/new", action=joining)
def new_card() -> Response:
    half = who_joins()
    if (elsewhere := _step(half, "card")) is not None:
        return elsewhere
    join_factor.make_card(parts().house, half)
    return go(url_for(".card"))


@door.get("/agency", action=joining)
def agency() -> str | Response:
    half = who_joins()
    return _step(half, "agency") or _agency_page(half)


@door.get("/codes", action=joining)
def codes() -> str | Response:
    half = who_joins()
    return _step(half, "codes") or _codes_page(half, LastStepForm())


@door.post("/codes", action=joining)
def codes_post() -> str | Response | tuple[str, int]:
    form, half = LastStepForm(), who_joins()
    if (elsewhere := _step(half, "codes")) is not None:
        return elsewhere
    if form.validate_on_submit():
        try:
            done = joins.join(parts().house, half, form.group.data, shared=form.shared.data)
            return welcome(url_for(".done"), done)
        except Unacceptable as wrong:
            form.group.errors = [wrong.words]
        except HasAccount:
            return go(url_for(".again"))
        except SignOnFailed as failed:
            return failed_page(failed)
    return _codes_page(half, form)


@door.get("/done", action=Action.OWN_ACCOUNT_READ)
def done() -> str:
    found = current.the_signed_in()
    return page(
        "account/join_done.html", account=own_account(parts().house, found), area=found.area
    )


def welcome(path: str, done: SignedIn) -> Response:
    """A whole session begins in this browser."""
    answer = on_to(path, done.secret)
    if done.device is not None:
        current.give_device(answer, done.device)
    return answer


def on_to(path: str, secret: bytes) -> Response:
    """The next step, in a session of its own."""
    rotate_token()
    answer = go(path)
    current.give_cookie(answer, secret)
    return answer


def who_joins() -> Recalled:
    """Whoever this browser's session lets join. Raises NotUsable."""
    half = current.present()
    if half is None:
        raise NotUsable("no session")
    return half


def _step(half: Recalled, wanted: str) -> Response | None:
    """None when this is the step to do now; else the way to the one that is."""
    if half.keyring is None:
        now: tuple[str, ...] = ("who", "passphrase")
    elif half.session.factor_at is not None:
        now = ("codes",)
    else:
        left = go_on.left_at(parts().house, half)
        if left is go_on.Left.CODE:
            return redirect(url_for("account_join_on.code"))
        now = AGAIN if left is go_on.Left.AGENCY else FACTORS
    return None if wanted in now else redirect(url_for(f".{now[0]}"))


def _code_app_page(half: Recalled, form: FirstCodeForm) -> str:
    app = join_factor.code_app_to_set(parts().house, half)
    picture = "data:image/png;base64," + b64encode(app.png).decode("ascii")
    offered = join_sign_on.sign_on_offered(parts().house, half)
    return page(
        "account/join_code_app.html",
        form=form,
        app=app,
        picture=picture,
        agency=half.agency.name if offered else "",
    )


def _card_page(half: Recalled, form: FirstCardForm) -> str:
    found = join_factor.card_to_set(parts().house, half)
    return page("account/join_card.html", form=form, card=found, half=half)


def _agency_page(half: Recalled) -> Response:
    """A link to be followed, no form: a browser lets a form lead to this portal only."""
    back = back_address(half.agency.id)
    try:
        started = join_sign_on.begin_join(parts().house, half, back)
    except SignOnFailed as failed:
        words = person_words(failed.why)
        return make_response(page("account/join_agency.html", half=half, url="", words=words))
    answer = make_response(page("account/join_agency.html", half=half, url=started.url))
    current.keep_sign_on(answer, KEPT, started.kept, SECONDS)
    return answer


def _codes_page(half: Recalled, form: LastStepForm) -> str:
    shown = joins.codes_to_write_down(parts().house, half)
    return page("account/join_codes.html", form=form, codes=shown)
