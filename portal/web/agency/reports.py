"""Doors for reports asked of an agency: the list, one request, the file, the check, the receipt."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from portal.documents.refusal import RefusalCode, RefusedPaper
from portal.domain.ids import PersonId, RequestId, VersionId
from portal.domain.papers import FORMS, REQUEST_WORDS, RequestStatus
from portal.journeys.changed import Changed
from portal.journeys.opening.reading_room import RoomFull
from portal.journeys.packs.send_late import send_late
from portal.journeys.reports.answer_request import answer_request
from portal.journeys.reports.claim_request import claim_request
from portal.journeys.reports.drop_candidate import drop_report
from portal.journeys.reports.examine_report import examine_report
from portal.journeys.reports.open_original import open_own_original
from portal.journeys.reports.read_own_report import read_own_report
from portal.journeys.reports.read_recognised import read_recognised
from portal.journeys.reports.read_request import ReadRequest, read_request
from portal.journeys.reports.receipt_paper import receipt_pdf
from portal.journeys.reports.right_person import WrongBirthDate
from portal.journeys.reports.see_page import see_page_of_report
from portal.journeys.reports.submit_report import submit_report
from portal.journeys.unacceptable import Unacceptable
from portal.journeys.views.agency_request import AgencyRequest, agency_request
from portal.journeys.views.agency_requests import agency_requests, report_receipt
from portal.journeys.views.original import own_original
from portal.policy.actions import Action
from portal.web.agency.forms import AnswerForm, CheckForm, UploadForm
from portal.web.door import Door, foreign_answer, me, page, parts, pdf_answer
from portal.web.drawn import drawn_answer
from portal.web.sheets import sheet_page
from portal.web.uploads import upload_of

door = Door("agency", __name__, url_prefix="/agency")

QUICK = (RequestStatus.NOTHING_KNOWN, RequestStatus.NOTHING_NEW, RequestStatus.AT_MEETING)

Answer = str | AnyResponse | tuple[str, int]


@door.errorhandler(RoomFull)
def room_full(_error: RoomFull) -> Answer:
    return page("errors/503.html"), 503


@door.get("/", action=Action.AGENCY_REQUESTS_READ)
def home() -> Answer:
    found = agency_requests(parts().house, me())
    return page(
        "agency/home.html", found=found, things=found.rows, forms=FORMS, words=REQUEST_WORDS
    )


@door.get("/requests/<request_id>", action=Action.AGENCY_REQUEST_READ)
def show(request_id: RequestId) -> Answer:
    found = read_request(parts().house, me(), request_id)
    at = found.page.asked
    return page(
        "agency/request.html",
        marking=True,
        reference=at.case.reference,
        back=url_for("agency.home"),
        found=found.page,
        individual=found.individual,
        title=FORMS[at.request.form_code],
        status=REQUEST_WORDS[at.request.status],
        holder=_holder(found.page),
        quick=[(answer.value, REQUEST_WORDS[answer]) for answer in QUICK],
    )


@door.post("/requests/<request_id>/claim", action=Action.AGENCY_REQUEST_CLAIM)
def claim(request_id: RequestId) -> Answer:
    before = request.form.get("before")
    try:
        claim_request(parts().house, me(), request_id, PersonId(before) if before else None)
    except Unacceptable as refused:
        flash(refused.words)
    else:
        flash(_("It is yours now. Your colleagues and the unit see that you have it."), "success")
    return redirect(url_for("agency.show", request_id=request_id))


def _holder(found: AgencyRequest) -> str:
    if found.holder is None:
        return str(_("Nobody yet"))
    return str(_("You")) if found.holder.id == me().actor.person_id else found.holder.name


@door.get("/requests/<request_id>/upload", action=Action.AGENCY_REPORT_UPLOAD)
def upload_form(request_id: RequestId) -> Answer:
    return _upload_page(agency_request(parts().house, me(), request_id), UploadForm.at(request))


@door.post("/requests/<request_id>/upload", action=Action.AGENCY_REPORT_UPLOAD)
def upload(request_id: RequestId) -> Answer:
    form = UploadForm.at(request)
    files = request.files.getlist("file")
    clear = files[0].read() if form.validate_on_submit() and len(files) == 1 else b""
    if not clear and not (files and files[0].filename):
        form.file.errors = [_("Choose a file.")]
        return _upload_page(agency_request(parts().house, me(), request_id), form)
    try:
        examine_report(parts().house, me(), request_id, clear, password=form.password.data or "")
    except RefusedPaper as refused:
        form.refuse(refused)
        found = agency_request(parts().house, me(), request_id)
        return _upload_page(found, form, 413 if _too_big(refused) else 200)
    except Unacceptable as bad:
        form.file.errors = [bad.words]
        return _upload_page(agency_request(parts().house, me(), request_id), form)
    return redirect(url_for("agency.check_form", request_id=request_id))


@door.get("/requests/<request_id>/check", action=Action.AGENCY_REPORT_UPLOAD)
def check_form(request_id: RequestId) -> Answer:
    found = read_request(parts().house, me(), request_id)
    waiting = found.page.waiting
    if waiting is None or not found.page.may_upload:
        return redirect(url_for("agency.show", request_id=request_id))
    form = CheckForm.at(request)
    form.candidate.data = waiting.id
    return _check_page(found, form)


@door.get("/requests/<request_id>/words/<int:sheet>", action=Action.AGENCY_REPORT_UPLOAD)
def words(request_id: RequestId, sheet: int) -> Answer:
    found = read_recognised(parts().house, me(), request_id, sheet)
    return page(
        "agency/words.html",
        marking=True,
        reference=found.asked.case.reference,
        back=url_for("agency.check_form", request_id=request_id),
        found=found,
    )


@door.get("/requests/<request_id>/check/<int:sheet>", action=Action.AGENCY_REPORT_UPLOAD)
def see(request_id: RequestId, sheet: int) -> Answer:
    found = agency_request(parts().house, me(), request_id)
    if found.waiting is None or not found.may_upload:
        return redirect(url_for("agency.show", request_id=request_id))
    back = url_for("agency.check_form", request_id=request_id)
    kept = {"request_id": request_id}
    return sheet_page("agency", kept, found.waiting, sheet, found.asked.case.reference, back)


@door.get("/requests/<request_id>/check/<int:sheet>/image", action=Action.AGENCY_REPORT_UPLOAD)
def sheet_image(request_id: RequestId, sheet: int) -> Answer:
    return drawn_answer(lambda: see_page_of_report(parts().house, me(), request_id, sheet))


@door.post("/requests/<request_id>/check", action=Action.AGENCY_REPORT_UPLOAD)
def check(request_id: RequestId) -> Answer:
    form = CheckForm.at(request)
    if form.validate_on_submit() and form.born.data is not None:
        try:
            submit_report(
                parts().house,
                me(),
                request_id,
                form.candidate.data or "",
                form.born.data,
                form.reason.data or "",
            )
        except Unacceptable as bad:
            form[bad.field].errors = [bad.words]
        except WrongBirthDate as wrong:
            if not wrong.left:
                flash(wrong.words)
                return redirect(url_for("agency.upload_form", request_id=request_id))
            form.born.errors = [wrong.words]
        else:
            send_late(parts().house, me(), request_id)
            return redirect(url_for("agency.receipt", request_id=request_id))
    found = read_request(parts().house, me(), request_id)
    if found.page.waiting is None:
        return redirect(url_for("agency.show", request_id=request_id))
    return _check_page(found, form)


@door.post("/requests/<request_id>/drop", action=Action.AGENCY_REPORT_UPLOAD)
def drop(request_id: RequestId) -> Answer:
    try:
        drop_report(parts().house, me(), request_id, request.form.get("candidate", ""))
    except Changed as changed:
        flash(changed.words)
    else:
        flash(_("The file was dropped. It is given to nobody and removed here."))
    return redirect(url_for("agency.show", request_id=request_id))


@door.get("/requests/<request_id>/answer", action=Action.AGENCY_REPORT_ANSWER)
def answer_form(request_id: RequestId) -> Answer:
    form = AnswerForm.at(request)
    if form.answer.data is None and request.args.get("answer") == RequestStatus.DECLINED.value:
        form.answer.data = RequestStatus.DECLINED.value
    return _answer_page(agency_request(parts().house, me(), request_id), form)


@door.post("/requests/<request_id>/answer", action=Action.AGENCY_REPORT_ANSWER)
def answer(request_id: RequestId) -> Answer:
    form = AnswerForm.at(request)
    if form.validate_on_submit():
        try:
            answer_request(parts().house, me(), request_id, form.chosen(), form.reason.data or "")
        except Unacceptable as bad:
            form[bad.field].errors = [bad.words]
        else:
            words = REQUEST_WORDS[form.chosen()]
            flash(_("Your answer has been recorded: %(words)s.", words=words), "success")
            return redirect(url_for("agency.home"))
    return _answer_page(agency_request(parts().house, me(), request_id), form)


@door.get("/requests/<request_id>/receipt", action=Action.AGENCY_REQUEST_READ)
def receipt(request_id: RequestId) -> Answer:
    found = report_receipt(parts().house, me(), request_id)
    return page(
        "agency/receipt.html",
        marking=True,
        reference=found.reference,
        back=url_for("agency.home"),
        found=found,
        title=FORMS[found.form_code],
        own=agency_request(parts().house, me(), request_id).own_report,
    )


@door.get("/requests/<request_id>/receipt.txt", action=Action.AGENCY_REQUEST_READ)
def receipt_text(request_id: RequestId) -> Answer:
    found = report_receipt(parts().house, me(), request_id)
    body = render_template("agency/receipt.txt", found=found, title=FORMS[found.form_code])
    response = Response(body, mimetype="text/plain")
    name = f"receipt-{request_id}.txt"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@door.get("/requests/<request_id>/receipt.pdf", action=Action.AGENCY_REQUEST_READ)
def receipt_paper(request_id: RequestId) -> Answer:
    return pdf_answer(receipt_pdf(parts().house, me(), request_id), f"receipt-{request_id}.pdf")


@door.post("/requests/<request_id>/report", action=Action.AGENCY_REPORT_READ)
def own_report(request_id: RequestId) -> Answer:
    found = read_own_report(parts().house, me(), request_id)
    return pdf_answer(found.pdf_clear, found.filename)


@door.get("/requests/<request_id>/original", action=Action.AGENCY_ORIGINAL_OPEN)
def original(request_id: RequestId) -> Answer:
    found = own_original(parts().house, me(), request_id, _named())
    return page(
        "agency/original.html",
        marking=True,
        reference=found.case.reference,
        back=url_for("agency.receipt", request_id=request_id),
        found=found,
    )


@door.post("/requests/<request_id>/original", action=Action.AGENCY_ORIGINAL_OPEN)
def open_own(request_id: RequestId) -> Answer:
    found = open_own_original(parts().house, me(), request_id, _named())
    return foreign_answer(found.foreign, found.filename)


def _named() -> VersionId | None:
    """Which of a report's originals, where the address says so; else the newest."""
    named = request.args.get("of", "")
    return VersionId(named) if named else None


def _upload_page(found: AgencyRequest, form: UploadForm, status: int = 200) -> Answer:
    at = found.asked
    house = parts().house
    body = page(
        "agency/upload.html",
        marking=True,
        reference=at.case.reference,
        back=url_for("agency.show", request_id=at.request.id),
        found=found,
        form=form,
        upload=upload_of(house, takes_files=found.takes_files),
        title=FORMS[at.request.form_code],
    )
    return body, status


def _check_page(found: ReadRequest, form: CheckForm) -> Answer:
    at = found.page.asked
    return page(
        "agency/check.html",
        marking=True,
        reference=at.case.reference,
        back=url_for("agency.upload_form", request_id=at.request.id),
        found=found.page,
        individual=found.individual,
        form=form,
        title=FORMS[at.request.form_code],
    )


def _answer_page(found: AgencyRequest, form: AnswerForm) -> Answer:
    at = found.asked
    return page(
        "agency/answer.html",
        marking=True,
        reference=at.case.reference,
        back=url_for("agency.show", request_id=at.request.id),
        found=found,
        form=form,
        title=FORMS[at.request.form_code],
    )


def _too_big(refused: RefusedPaper) -> bool:
    return refused.code is RefusalCode.TOO_BIG
