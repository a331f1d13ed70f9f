"""Doors for asking whose copy something is that turned up: ask, confirm as a second person, see."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from govuk_frontend_wtf.wtforms_widgets import GovTextArea, GovTextInput
from werkzeug.wrappers import Response
from wtforms import FileField, StringField, TextAreaField

from portal.documents.refusal import RefusalCode, RefusedPaper
from portal.domain.ids import TraceId
from portal.domain.tracing import LONGEST_REASON, SHORTEST_REASON
from portal.journeys.copies.ask_trace import NamesNobody, ask_trace, may_ask_trace
from portal.journeys.copies.confirm_trace import confirm_trace
from portal.journeys.copies.read_trace import list_traces, read_trace
from portal.journeys.opening.reading_room import RoomFull
from portal.journeys.signing_in.second_factor import CodeRefused
from portal.journeys.unacceptable import Unacceptable
from portal.policy.actions import Action
from portal.web.acts import ActCodeField, ActForm
from portal.web.audit.deed_names import NAMES
from portal.web.coordinator.fields import put
from portal.web.door import Door, me, page, parts
from portal.web.forms import PortalForm
from portal.web.refusals import WORDS
from portal.web.uploads import upload_of

door = Door("traces", __name__, url_prefix="/record/traces")

Answer = str | Response | tuple[str, int]


class TraceForm(PortalForm):
    """The file, or the reference that can be seen; and where it turned up."""

    file = FileField(_l("The file (PDF)"))
    written = StringField(
        _l("Or the reference at the foot of a page"),
        widget=GovTextInput(),
        description=_l(
            "For a photo or a print: what follows the word “ref”, such as 7K3M-Q9XD-2FVA."
        ),
    )
    reason = TextAreaField(
        _l("Where it turned up, and why you ask"),
        widget=GovTextArea(),
        description=_l(
            "In %(least)s to %(most)s characters. Kept sealed. Whoever confirms it reads it.",
            least=SHORTEST_REASON,
            most=f"{LONGEST_REASON:,}",
        ),
    )


class ConfirmTraceForm(ActForm):
    code = ActCodeField()


@door.errorhandler(RoomFull)
def room_full(_error: RoomFull) -> Answer:
    return page("errors/503.html"), 503


@door.get("/", action=Action.RECORD_TRACE_READ)
def home() -> Answer:
    found = list_traces(parts().house, me())
    return page(
        "audit/traces.html",
        marking=True,
        back=url_for("record.read"),
        found=found,
        things=found.rows,
    )


@door.get("/new", action=Action.DECIDE_TRACE_ASK)
def new() -> Answer:
    may_ask_trace(parts().house, me())
    return _new_page(TraceForm.at(request))


@door.post("/new", action=Action.DECIDE_TRACE_ASK)
def ask() -> Answer:
    form = TraceForm.at(request)
    form.validate_on_submit()
    files = [each for each in request.files.getlist("file") if each.filename]
    try:
        if len(files) > 1:
            raise Unacceptable("file", _("Choose one file."))
        trace_id = ask_trace(
            parts().house,
            me(),
            form.reason.data or "",
            file=files[0].read() if files else b"",
            written=form.written.data or "",
        )
    except Unacceptable as refused:
        return _new_page(form, put(form, refused))
    except NamesNobody as nobody:
        return _new_page(form, put(form, Unacceptable("written", nobody.words)))
    except RefusedPaper as refused:
        words = _(
            "The file cannot be read as a PDF. If you can see the foot of a page, type the "
            "reference that stands there."
        )
        if refused.code is RefusalCode.TOO_BIG:
            words = _("The file is too large. Type the reference at the foot of one of its pages.")
        return _new_page(form, put(form, Unacceptable("file", words)))
    flash(_("Asked. A second person confirms it within the hour."), "success")
    return redirect(url_for("traces.show", trace_id=trace_id))


@door.get("/<trace_id>", action=Action.RECORD_TRACE_READ)
def show(trace_id: TraceId) -> Answer:
    return _page(trace_id, ConfirmTraceForm.at(request))


@door.post("/<trace_id>", action=Action.RECORD_TRACE_CONFIRM)
def confirm(trace_id: TraceId) -> Answer:
    form, errors = ConfirmTraceForm.at(request), None
    if form.validate_on_submit():
        try:
            confirm_trace(parts().house, me(), trace_id, form.given())
        except CodeRefused as refused:
            errors = put(form, Unacceptable("code", refused.words))
        else:
            return redirect(url_for("traces.show", trace_id=trace_id))
    return _page(trace_id, form, errors)


def _new_page(form: TraceForm, errors: list[dict[str, str]] | None = None) -> str:
    return page(
        "audit/trace_new.html",
        marking=True,
        back=url_for("traces.home"),
        form=form,
        errors=errors,
        upload=upload_of(parts().house, takes_files=True),
    )


def _page(
    trace_id: TraceId, form: ConfirmTraceForm, errors: list[dict[str, str]] | None = None
) -> str:
    found = read_trace(parts().house, me(), trace_id)
    return page(
        "audit/trace.html",
        marking=True,
        back=url_for("traces.home"),
        found=found,
        form=form,
        errors=errors,
        deeds=NAMES,
        why_not=WORDS[found.why_not] if found.why_not else "",
    )
