"""The doors of a reader who asks to pass a paper on, and of what became of it."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from portal.domain.disclosures import CONDITIONS
from portal.domain.ids import DisclosureId, GrantId
from portal.domain.weighing import NotWeighed
from portal.journeys.disclosure.ask_disclosure import ask_disclosure
from portal.journeys.disclosure.read_decision import read_decision
from portal.journeys.disclosure.read_own_disclosure import read_own_disclosure
from portal.journeys.opening.reading_room import RoomFull
from portal.journeys.unacceptable import Unacceptable
from portal.journeys.views.pass_on import pass_on_page
from portal.policy.actions import Action
from portal.web.disclosure.forms import AskForm
from portal.web.door import Door, me, page, parts, pdf_answer

door = Door("passing", __name__)

Answer = str | AnyResponse | tuple[str, int]


@door.errorhandler(RoomFull)
def room_full(_error: RoomFull) -> Answer:
    return page("errors/503.html"), 503


@door.get("/papers/<grant_id>/pass-on", action=Action.READER_DISCLOSURE_ASK)
def ask_form(grant_id: GrantId) -> Answer:
    return _ask_page(grant_id, AskForm.at(request))


@door.post("/papers/<grant_id>/pass-on", action=Action.READER_DISCLOSURE_ASK)
def ask(grant_id: GrantId) -> Answer:
    form = AskForm.at(request)
    if form.validate_on_submit():
        try:
            asked = ask_disclosure(parts().house, me(), grant_id, form.wish())
        except (NotWeighed, Unacceptable) as bad:
            form[bad.field].errors = [bad.words]
        else:
            flash(_("Your request has been sent to the MAPPA unit."), "success")
            return redirect(url_for("passing.show", request_id=asked.id))
    return _ask_page(grant_id, form)


@door.get("/requests/<request_id>", action=Action.READER_DISCLOSURE_SEE)
def show(request_id: DisclosureId) -> Answer:
    found = read_own_disclosure(parts().house, me(), request_id)
    return page(
        "attendee/request.html",
        marking=True,
        reference=found.wish.case.reference,
        back=url_for("reader.home"),
        found=found,
        wish=found.wish,
        conditions=CONDITIONS,
    )


@door.post("/requests/<request_id>/decision", action=Action.READER_DISCLOSURE_SEE)
def decision(request_id: DisclosureId) -> Answer:
    found = read_decision(parts().house, me(), request_id, as_unit=False)
    return pdf_answer(found.pdf_clear, found.filename)


def _ask_page(grant_id: GrantId, form: AskForm) -> Answer:
    found = pass_on_page(parts().house, me(), grant_id)
    form.paper.choices = {paper: f"{title} ({owner})" for paper, title, owner in found.papers}
    form.receiver.choices = {"": _("Choose a person")} | {
        person: f"{agency}: {name}, {job}" for person, name, job, agency in found.receivers
    }
    return page(
        "attendee/pass_on.html",
        marking=True,
        reference=found.case_reference,
        back=url_for("papers.show", grant_id=grant_id),
        found=found,
        form=form,
    )
