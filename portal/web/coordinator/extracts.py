"""Doors of extracts: open a paper, mark what is to go, see the result, make it, look it through.

Every page works without JavaScript; with it, a place can be drawn on the picture. Words that are
to go are posted, so that they stand in no address.
"""

from __future__ import annotations

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response as AnyResponse

from portal.documents.redact import Tested, TooMuch
from portal.documents.refusal import RefusalCode, RefusedPaper
from portal.documents.render import NoSuchPage
from portal.domain.ids import SlotId, VersionId
from portal.journeys.changed import Changed
from portal.journeys.extracts import mark_extract
from portal.journeys.extracts.check_extract import check_extract
from portal.journeys.extracts.cutting import Mark, NotMarking
from portal.journeys.extracts.make_extract import make_extract
from portal.journeys.unacceptable import Unacceptable
from portal.journeys.views.extracts import paper_page, papers_page
from portal.policy.actions import Action
from portal.web.coordinator.extract_forms import (
    AreaForm,
    LinesForm,
    LookedForm,
    MarksForm,
    PagesForm,
    StayForm,
    WordsForm,
)
from portal.web.coordinator.extract_left import left_words, read_places
from portal.web.coordinator.fields import put
from portal.web.door import Door, me, page, parts
from portal.web.errors import for_status

door = Door("unit_extracts", __name__, url_prefix="/unit")

Answer = str | AnyResponse | tuple[str, int]
Errors = list[dict[str, str]] | None
MARK = Action.UNIT_EXTRACT_MARK


@door.errorhandler(NoSuchPage)
def no_such_page(_error: NoSuchPage) -> Answer:
    return for_status(404)


@door.errorhandler(NotMarking)
def not_marking(_error: NotMarking) -> Answer:
    """Nothing is open: the page before has the button."""
    values = request.view_args or {}
    return redirect(url_for("unit_extracts.paper", version_id=values["version_id"]))


@door.errorhandler(RefusedPaper)
def not_made(refused: RefusedPaper) -> Answer:
    """A child process died of it, or it is more than is searched: nothing was made or shown."""
    values = request.view_args or {}
    marked = isinstance(refused, TooMuch)
    full = refused.code is RefusalCode.TOO_HEAVY and not marked
    return page(
        "coordinator/extract_not.html", version_id=values["version_id"], marked=marked, full=full
    ), 422


@door.get("/slots/<slot_id>/extracts", action=MARK)
def papers(slot_id: SlotId) -> Answer:
    found = papers_page(parts().house, me(), slot_id)
    return page(
        "coordinator/extract_papers.html",
        marking=True,
        reference=found.scene.case.reference,
        back=url_for("unit_slots.slot", slot_id=slot_id),
        found=found,
        things=found.papers,
    )


@door.get("/extracts/<version_id>", action=MARK)
def paper(version_id: VersionId) -> Answer:
    return _paper(version_id, LookedForm.at(request))


def _paper(version_id: VersionId, form: LookedForm) -> str:
    found = paper_page(parts().house, me(), version_id)
    slot_id = found.source.document.slot_id
    return page(
        "coordinator/extract_paper.html",
        marking=True,
        reference=found.source.case.reference,
        back=url_for("unit_extracts.papers", slot_id=slot_id) if slot_id else None,
        found=found,
        form=form,
    )


@door.post("/extracts/<version_id>/open", action=MARK)
def begin(version_id: VersionId) -> Answer:
    mark_extract.begin_extract(parts().house, me(), version_id)
    return redirect(url_for("unit_extracts.show", version_id=version_id, sheet=1))


@door.get("/extracts/<version_id>/pages/<int:sheet>", action=MARK)
def show(version_id: VersionId, sheet: int) -> Answer:
    return _page(version_id, sheet, WordsForm.at(request), LinesForm(formdata=None), None)


@door.get("/extracts/<version_id>/pages/<int:sheet>/image", action=MARK)
def image(version_id: VersionId, sheet: int) -> Answer:
    try:
        picture = mark_extract.draw_to_mark(parts().house, me(), version_id, sheet)
    except RefusedPaper:
        return _not_drawn(422)
    except NotMarking:
        return _not_drawn(409)
    return _picture(Response(picture.body_clear, mimetype=picture.kind.value))


def _not_drawn(status: int) -> Answer:
    body = render_template("attendee/not_drawn.svg")
    return _picture(Response(body, mimetype="image/svg+xml", status=status))


def _picture(answer: Response) -> Response:
    answer.headers["Cache-Control"] = "no-store"
    return answer


@door.post("/extracts/<version_id>/pages/<int:sheet>/words", action=MARK)
def words(version_id: VersionId, sheet: int) -> Answer:
    form, errors = WordsForm.at(request), None
    if form.validate_on_submit():
        try:
            typed = form.words.data or ""
            new = mark_extract.mark_words(parts().house, me(), version_id, typed)
        except Unacceptable as refused:
            errors = put(form, refused)
        else:
            flash(ngettext("%(num)d place is marked.", "%(num)d places are marked.", new))
            return redirect(url_for("unit_extracts.marks", version_id=version_id))
    return _page(version_id, sheet, form, LinesForm(formdata=None), None, errors)


@door.post("/extracts/<version_id>/pages/<int:sheet>/lines", action=MARK)
def lines(version_id: VersionId, sheet: int) -> Answer:
    form, errors = LinesForm.at(request), None
    at = mark_extract.page_to_mark(parts().house, me(), version_id, sheet)
    count = sum(len(paragraph) for paragraph in at.leaf.paragraphs)
    form.lines.choices = [(number, "") for number in range(count)]
    if form.validate_on_submit():
        try:
            chosen = form.lines.data or []
            mark_extract.mark_lines(parts().house, me(), version_id, sheet, chosen)
        except Unacceptable as refused:
            errors = put(form, refused)
        else:
            return _here(version_id, sheet)
    return _page(version_id, sheet, WordsForm(formdata=None), form, None, errors)


@door.post("/extracts/<version_id>/pages/<int:sheet>/area", action=MARK)
def area(version_id: VersionId, sheet: int) -> Answer:
    form, errors = AreaForm.at(request), None
    if form.validate_on_submit():
        try:
            mark_extract.mark_area(parts().house, me(), version_id, sheet, form.sides)
        except Unacceptable as refused:
            errors = put(form, refused)
        else:
            return _here(version_id, sheet)
    return _page(
        version_id, sheet, WordsForm(formdata=None), LinesForm(formdata=None), form, errors
    )


def _here(version_id: VersionId, sheet: int) -> AnyResponse:
    flash(_("This is marked."))
    return redirect(url_for("unit_extracts.show", version_id=version_id, sheet=sheet))


def _page(
    version_id: VersionId,
    sheet: int,
    words_form: WordsForm,
    lines_form: LinesForm,
    area_form: AreaForm | None,
    errors: Errors = None,
) -> str:
    at = mark_extract.page_to_mark(parts().house, me(), version_id, sheet)
    there = [line for paragraph in at.leaf.paragraphs for line in paragraph]
    lines_form.lines.choices = [
        (number, " ".join(word.text for word in line)) for number, line in enumerate(there)
    ]
    return page(
        "coordinator/extract_page.html",
        marking=True,
        reference=at.source.case.reference,
        back=url_for("unit_extracts.paper", version_id=version_id),
        at=at,
        leaf=at.leaf,
        pages=at.source.version.pages,
        words_form=words_form,
        lines_form=lines_form,
        area_form=area_form or AreaForm(formdata=None),
        form=next(
            (each for each in (words_form, lines_form, area_form) if each and each.errors), None
        ),
        errors=errors,
    )


@door.get("/extracts/<version_id>/marks", action=MARK)
def marks(version_id: VersionId) -> Answer:
    return _marks(version_id)


@door.post("/extracts/<version_id>/marks", action=MARK)
def unmark(version_id: VersionId) -> Answer:
    form = MarksForm.at(request)
    _source, marking = mark_extract.what_is_marked(parts().house, me(), version_id)
    form.out.choices = [(mark.id, "") for mark in marking.marks]
    if not form.validate_on_submit():
        return _marks(version_id, marks_form=form)
    mark_extract.unmark(parts().house, me(), version_id, form.out.data or [])
    return redirect(url_for("unit_extracts.marks", version_id=version_id))


@door.post("/extracts/<version_id>/kept", action=MARK)
def keep_pages(version_id: VersionId) -> Answer:
    form, errors = PagesForm.at(request), None
    if form.validate_on_submit():
        try:
            mark_extract.choose_pages(parts().house, me(), version_id, form.pages.data or "")
        except Unacceptable as refused:
            errors = put(form, refused)
        else:
            flash(_("The pages are chosen."))
            return redirect(url_for("unit_extracts.marks", version_id=version_id))
    return _marks(version_id, pages_form=form, errors=errors)


@door.post("/extracts/<version_id>/stay", action=MARK)
def stay(version_id: VersionId) -> Answer:
    # Before anything is said of what was chosen: whoever may not mark is answered nothing else.
    mark_extract.what_is_marked(parts().house, me(), version_id)
    form = StayForm.at(request)
    try:
        places = read_places(form.places.data or [])
    except ValueError:
        abort(400)
    if not form.validate_on_submit() or not places:
        flash(_("Choose the words that may stay, or mark them on their pages."))
    else:
        mark_extract.let_stay(parts().house, me(), version_id, places)
        flash(_("These words stay. Make the extract again."))
    return redirect(url_for("unit_extracts.marks", version_id=version_id))


@door.post("/extracts/<version_id>/make", action=Action.UNIT_EXTRACT_MAKE)
def make(version_id: VersionId) -> Answer:
    made = make_extract(parts().house, me(), version_id)
    if made.version_id is None:
        return _marks(version_id, tested=made.tested), 422
    flash(
        _("The extract is made. A coordinator looks through it before it can be sent."), "success"
    )
    for sheet in made.tested.pictures:
        flash(
            _("Page %(number)s is a picture that could not be searched. Look at it.", number=sheet)
        )
    return redirect(url_for("unit_extracts.paper", version_id=made.version_id))


@door.post("/extracts/<version_id>/check", action=Action.DECIDE_EXTRACT_CHECK)
def check(version_id: VersionId) -> Answer:
    form = LookedForm.at(request)
    if not form.validate_on_submit():
        return _paper(version_id, form)
    try:
        check_extract(parts().house, me(), version_id)
    except Changed as changed:
        form.looked.errors = [changed.words]
        return _paper(version_id, form), 409
    flash(_("The extract can be sent now."), "success")
    return redirect(url_for("unit_extracts.paper", version_id=version_id))


def _marks(
    version_id: VersionId,
    *,
    marks_form: MarksForm | None = None,
    pages_form: PagesForm | None = None,
    tested: Tested | None = None,
    errors: Errors = None,
) -> str:
    source, marking = mark_extract.what_is_marked(parts().house, me(), version_id)
    marks_form = marks_form or MarksForm(formdata=None)
    marks_form.out.choices = [
        (mark.id, _("Page %(number)s: %(text)s", number=mark.sheet, text=_seen(mark)))
        for mark in marking.marks
    ]
    stay_form = StayForm(formdata=None)
    stay_form.places.choices = left_words(tested.seen if tested else ())
    return page(
        "coordinator/extract_marks.html",
        marking=True,
        reference=source.case.reference,
        back=url_for("unit_extracts.show", version_id=version_id, sheet=1),
        source=source,
        marking_=marking,
        marks_form=marks_form,
        pages_form=pages_form
        or PagesForm(formdata=None, data={"pages": mark_extract.runs(marking.keep)}),
        stay_form=stay_form,
        tested=tested,
        errors=errors,
    )


def _seen(mark: Mark) -> str:
    if not mark.found:
        return str(_("an area that was drawn"))
    return " ".join(each for each in (mark.before, f"[{mark.found}]", mark.after) if each)
