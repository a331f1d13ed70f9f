"""The doors of those who decide: the requests, one request with its test, and the decision."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as AnyResponse

from portal.domain.disclosures import (
    CHAIRS_VIEW_WORDS,
    CONDITIONS,
    LAWFUL_BASIS_WORDS,
    LEAST_WORDS,
    Least,
)
from portal.domain.ids import DisclosureId
from portal.domain.weighing import NotWeighed
from portal.journeys.changed import Changed
from portal.journeys.disclosure.decide_disclosure import decide_disclosure
from portal.journeys.disclosure.read_decision import read_decision
from portal.journeys.disclosure.read_disclosure import ReadDisclosure, read_disclosure
from portal.journeys.opening.reading_room import RoomFull
from portal.journeys.signing_in.second_factor import CodeRefused
from portal.journeys.views.disclosures import disclosure_list
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.web.disclosure.forms import ApproveForm, Reason, RefuseForm
from portal.web.door import Door, me, page, parts, pdf_answer
from portal.web.look import uk_datetime
from portal.web.refusals import WORDS

door = Door("disclosures", __name__, url_prefix="/unit/disclosures")

Answer = str | AnyResponse | tuple[str, int]


@door.errorhandler(RoomFull)
def room_full(_error: RoomFull) -> Answer:
    return page("errors/503.html"), 503


@door.get("/", action=Action.DECIDE_DISCLOSURE_READ)
def home() -> Answer:
    return page("disclosure/home.html", things=disclosure_list(parts().house, me()))


@door.get("/<request_id>", action=Action.DECIDE_DISCLOSURE_READ)
def show(request_id: DisclosureId) -> Answer:
    found = read_disclosure(parts().house, me(), request_id)
    why_not = None if found.why_not is None else WORDS[found.why_not]
    return _page("disclosure/show.html", found, url_for("disclosures.home"), why_not=why_not)


@door.get("/<request_id>/record", action=Action.DECIDE_DISCLOSURE_READ)
def record(request_id: DisclosureId) -> Answer:
    found = read_disclosure(parts().house, me(), request_id)
    if not found.decided_by:
        return redirect(url_for("disclosures.show", request_id=request_id))
    return _page(
        "disclosure/record.html",
        found,
        url_for("disclosures.show", request_id=request_id),
        basis_words=LAWFUL_BASIS_WORDS,
        least_words=LEAST_WORDS,
        chair_words=CHAIRS_VIEW_WORDS,
        conditions=CONDITIONS,
    )


@door.post("/<request_id>/decision", action=Action.DECIDE_DISCLOSURE_READ)
def decision(request_id: DisclosureId) -> Answer:
    found = read_decision(parts().house, me(), request_id, as_unit=True)
    return pdf_answer(found.pdf_clear, found.filename)


@door.get("/<request_id>/approve", action=Action.DECIDE_DISCLOSURE_READ)
def approve_form(request_id: DisclosureId) -> Answer:
    found = read_disclosure(parts().house, me(), request_id)
    return _form_page(found, ApproveForm.at(request))


@door.post("/<request_id>/approve", action=Action.DECIDE_DISCLOSURE_DECIDE)
def approve(request_id: DisclosureId) -> Answer:
    return _decide(request_id, ApproveForm.at(request))


@door.get("/<request_id>/refuse", action=Action.DECIDE_DISCLOSURE_READ)
def refuse_form(request_id: DisclosureId) -> Answer:
    found = read_disclosure(parts().house, me(), request_id)
    return _form_page(found, RefuseForm.at(request, data={"reply": found.usual_reply}))


@door.post("/<request_id>/refuse", action=Action.DECIDE_DISCLOSURE_DECIDE)
def refuse(request_id: DisclosureId) -> Answer:
    return _decide(request_id, RefuseForm.at(request))


def _decide(request_id: DisclosureId, form: ApproveForm | RefuseForm) -> Answer:
    errors: list[dict[str, str]] = []
    if form.validate_on_submit():
        digest, given = form.digest.data or "", form.given()
        try:
            decide_disclosure(parts().house, me(), request_id, form.decision(), digest, given)
        except NotWeighed as bad:
            form[bad.field].errors = [bad.words]
        except CodeRefused as refused:
            form.code.errors = [refused.words]
        except Changed as changed:
            errors = [{"text": changed.words, "href": "#request"}]
        else:
            flash(_("Your decision has been recorded. The person who asked is told."), "success")
            return redirect(url_for("disclosures.show", request_id=request_id))
    found = read_disclosure(parts().house, me(), request_id)
    if found.why_not is not None:
        raise Refused(Action.DECIDE_DISCLOSURE_DECIDE, found.why_not)
    if isinstance(form, ApproveForm):
        _ask_for_views(form, found)
    return _form_page(found, form, errors)


def _ask_for_views(form: ApproveForm, found: ReadDisclosure) -> None:
    """What this very paper needs, beside what every one needs: all missing things at once."""
    if form.least.data == Least.SUMMARY:
        return  # the summary is the unit's own
    if found.wish.others_paper:
        form.consulted.validate(form, [Reason(_l("Record the view of the agency that owns it."))])
    if found.wish.health_paper:
        form.health.validate(form, [Reason(_l("Say why the public interest overrides."))])


def _offered(found: ReadDisclosure) -> list[tuple[str, str]]:
    return [
        (
            extract.version_id,
            _(
                "Extract of %(day)s: pages: %(pages)s, places taken out: %(marks)s",
                day=uk_datetime(extract.made_at),
                pages=extract.pages,
                marks=extract.marks,
            ),
        )
        for extract in found.extracts
    ]


def _form_page(
    found: ReadDisclosure,
    form: ApproveForm | RefuseForm,
    errors: list[dict[str, str]] | None = None,
) -> Answer:
    back = url_for("disclosures.show", request_id=found.wish.disclosure.id)
    if found.why_not is not None:
        return redirect(back)
    form.digest.data = found.digest
    if isinstance(form, ApproveForm):
        form.extract.choices = [("", ""), *_offered(found)]
    name = "approve" if isinstance(form, ApproveForm) else "refuse"
    return _page(
        f"disclosure/{name}.html",
        found,
        back,
        form=form,
        errors=errors or [],
        conditions=CONDITIONS,
    )


def _page(template: str, found: ReadDisclosure, back: str, **values: object) -> str:
    return page(
        template,
        marking=True,
        reference=found.wish.case.reference,
        back=back,
        found=found,
        wish=found.wish,
        **values,
    )
