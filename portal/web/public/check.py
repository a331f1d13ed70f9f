"""Check this computer, before anybody has an account: does all that the portal needs go through?

What was found stands in the browser's own cookie and in the page; the server keeps nothing of it,
nor of the file that is sent (intake.py bounds it, counts it before it is read, and weighs it in
passing).
"""

from __future__ import annotations

from urllib.parse import quote

from flask import Response, jsonify, redirect, request, session, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import generate_csrf
from govuk_frontend_wtf.wtforms_widgets import GovRadioInput, GovTextInput
from werkzeug.wrappers import Response as AnyResponse
from wtforms import FileField, RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from portal.documents import sample
from portal.web.door import Door, page, parts, pdf_answer, public
from portal.web.forms import PortalForm
from portal.web.leaving import go
from portal.web.public.check_rows import came_before, light_words, note, rows
from portal.web.weighed import Weighed

door = Door("check", __name__, url_prefix="/check")

WHY = "whoever was invited may see whether their computer will do, before they have an account"
SEEN = "check"
AGAIN_WITHIN = 60
"""Seconds in which a browser that keeps cookies has come back with its own."""
PLAIN_NAME = "sample-paper"
FILE_NAME = f"{PLAIN_NAME}.pdf"


class SavedForm(PortalForm):
    """What became of the sample paper on this computer."""

    happened = RadioField(
        _l("What happened?"),
        [InputRequired(_l("Choose what happened."))],
        choices=[
            SelectChoice("opened", _l("It was saved and opened")),
            SelectChoice("closed", _l("It was saved, but does not open")),
            SelectChoice("lost", _l("It was not saved")),
        ],
        widget=GovRadioInput(),
    )
    word = StringField(_l("The large word in it, if it opened"), widget=GovTextInput())


class SentForm(PortalForm):
    """The sample paper, on its way back, or a larger file."""

    file = FileField(_l("The sample paper, or another file that is about nobody"))


@door.get("", action=public(WHY))
def show() -> str | AnyResponse:
    kept, again = "csrf_token" in session, "again" in request.args
    if kept and again:
        # The address of the page is always the same, so that it can be kept and sent on.
        return redirect(url_for(".show"), 303)
    if not kept and not _sent_just_now():
        # The next request brings the cookie back, or shows that it is not kept.
        generate_csrf()
        return redirect(url_for(".show", again=_seconds()), 303)
    return _page()


@door.get("/" + FILE_NAME, action=public(WHY))
def paper() -> Response:
    return pdf_answer(sample.sample_paper(), FILE_NAME)


@door.post("/saved", action=public(WHY))
def saved() -> str | AnyResponse:
    form = SavedForm()
    if form.validate_on_submit():
        if form.happened.data != "opened":
            opened = "" if form.happened.data == "lost" else "no"
            return _seen(saved="no" if form.happened.data == "lost" else "yes", opened=opened)
        if (form.word.data or "").strip().casefold() == sample.WORD:
            return _seen(saved="yes", opened="yes")
        form.word.errors = [_("That is not the word. It stands alone in the middle of the page.")]
    return _page(saved_form=form)


@door.post("/sent", action=public(WHY))
def upload() -> str | AnyResponse:
    form = SentForm()
    given = request.files.get("file")
    if not given or not isinstance(given.stream, Weighed):
        form.file.errors = [_("Choose the sample paper that you have saved, or another file.")]
        return _page(sent_form=form)
    came = given.stream
    if request.accept_mimetypes.best == "application/json":
        _remember(sent=_more(came.size))
        return jsonify(came=came.size)
    if came.sha256() == sample.digest():
        return _seen(sent=_more(came.size))
    # A browser that saved it a second time has put a number behind its name.
    is_sample = (given.filename or "").startswith(PLAIN_NAME)
    return _seen(sent="other" if is_sample else _more(came.size))


def _more(size: int) -> str:
    """The largest size that was seen to come through in this browser."""
    return str(max(size, came_before(_answers())))


def _sent_just_now() -> bool:
    """Whether this very browser was sent here to bring its cookie; an address that somebody kept
    or was sent says nothing of their browser."""
    sent = request.args.get("again", "")
    if not (sent.isascii() and sent.isdecimal() and len(sent) < 12):
        return False
    return 0 <= _seconds() - int(sent) < AGAIN_WITHIN


def _seconds() -> int:
    return int(parts().house.clock.now().timestamp())


def _seen(**answers: str) -> AnyResponse:
    """Let the browser remember this; one that keeps no cookies did not get this far."""
    _remember(**answers)
    return go(url_for(".show"))


def _remember(**answers: str) -> None:
    session[SEEN] = {**_answers(), **answers}


def _answers() -> dict[str, str]:
    kept = session.get(SEEN)
    return dict(kept) if isinstance(kept, dict) else {}


def _page(saved_form: SavedForm | None = None, sent_form: SentForm | None = None) -> str:
    settings, now = parts().settings, parts().house.clock.now()
    found = rows(settings, now, _answers(), cookies="csrf_token" in session)
    written = note(settings, found, request.user_agent.string)
    subject = quote(_("What computers need for the MAPPA portal"))
    return page(
        "public/check.html",
        rows=found,
        lights=light_words(),
        note=written,
        letter=f"mailto:?subject={subject}&body={quote(written)}",
        now=now,
        digest=sample.digest(),
        largest=settings.limits.bytes,
        saved_form=saved_form or SavedForm(formdata=None),
        sent_form=sent_form or SentForm(formdata=None),
        form=saved_form or sent_form,
    )
