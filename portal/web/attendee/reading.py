"""The doors of reading in the browser: page by page, as a picture or as text, and finding words.

Every page works without JavaScript, and every one is asked for anew: what was opened an hour ago
shows nothing once it has ended. What is looked for is posted, so that it stands in no address.
"""

from __future__ import annotations

from flask import abort, redirect, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from govuk_frontend_wtf.wtforms_widgets import GovTextInput
from werkzeug.wrappers import Response as AnyResponse
from wtforms import StringField

from portal.documents.refusal import RefusedPaper
from portal.documents.render import LONGEST_WANTED, NoSuchPage
from portal.domain.ids import GrantId
from portal.journeys.opening.begin_reading import begin_reading
from portal.journeys.opening.find_in_paper import find_in_paper
from portal.journeys.opening.pages_shown import NotReading
from portal.journeys.opening.read_page import PageToRead, draw_page, read_page
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.web.door import Door, me, page, parts
from portal.web.drawn import drawn_answer
from portal.web.errors import for_status
from portal.web.forms import PortalForm

door = Door("reading", __name__, url_prefix="/papers")

Answer = str | AnyResponse | tuple[str, int]
ACTION = Action.READER_PAPER_OPEN
A_DOZEN = 12


class FindForm(PortalForm):
    words = StringField(_l("Find in this paper"), widget=GovTextInput())


@door.errorhandler(NoSuchPage)
def no_such_page(_error: NoSuchPage) -> Answer:
    return for_status(404)


@door.errorhandler(NotReading)
def not_reading(_error: NotReading) -> Answer:
    """An address that was kept from another session: the page before has the button."""
    return _before()


@door.errorhandler(RefusedPaper)
def not_shown(_error: RefusedPaper) -> Answer:
    """One page can't be read: a child process died of it, and the other pages are as they were."""
    values = request.view_args or {}
    return page("attendee/not_shown.html", marking=True, **values), 422


@door.post("/<grant_id>/read", action=ACTION)
def begin(grant_id: GrantId) -> Answer:
    try:
        begin_reading(parts().house, me(), grant_id)
    except Refused as refused:
        if refused.why is not Why.STATEMENT_FIRST:
            raise
        return _before()
    return redirect(url_for("reading.show", grant_id=grant_id, sheet=1))


@door.get("/<grant_id>/read/<int:sheet>", action=ACTION)
def show(grant_id: GrantId, sheet: int) -> Answer:
    return _page("attendee/read.html", "reading.show", grant_id, sheet)


@door.get("/<grant_id>/read/<int:sheet>/text", action=ACTION)
def text(grant_id: GrantId, sheet: int) -> Answer:
    return _page("attendee/read_text.html", "reading.text", grant_id, sheet)


@door.get("/<grant_id>/read/<int:sheet>/image", action=ACTION)
def image(grant_id: GrantId, sheet: int) -> Answer:
    return _drawn(grant_id, sheet)


@door.get("/<grant_id>/read/<int:sheet>/small", action=ACTION)
def small(grant_id: GrantId, sheet: int) -> Answer:
    return _drawn(grant_id, sheet, small=True)


@door.get("/<grant_id>/read/<int:sheet>/pages", action=ACTION)
def pages(grant_id: GrantId, sheet: int) -> Answer:
    """Small pictures of the pages around one, a dozen at a time: each is drawn when it is asked
    for, so that nobody waits for two hundred."""
    told = read_page(parts().house, me(), grant_id, sheet)
    sheets = told.leaf.contents.sheets
    first = (sheet - 1) // A_DOZEN * A_DOZEN + 1
    return page(
        "attendee/read_pages.html",
        marking=True,
        reference=told.case_reference,
        back=url_for("reading.show", grant_id=grant_id, sheet=sheet),
        told=told,
        contents=told.leaf.contents,
        here=sheet,
        shown=range(first, min(first + A_DOZEN, sheets + 1)),
    )


def _drawn(grant_id: GrantId, sheet: int, *, small: bool = False) -> Answer:
    try:
        return drawn_answer(lambda: draw_page(parts().house, me(), grant_id, sheet, small=small))
    except NotReading:
        abort(404)


@door.get("/<grant_id>/read/<int:sheet>/find", action=ACTION)
@door.post("/<grant_id>/read/<int:sheet>/find", action=ACTION)
def find(grant_id: GrantId, sheet: int) -> Answer:
    form = FindForm.at(request)
    wanted = (form.words.data or "")[:LONGEST_WANTED] if form.validate_on_submit() else ""
    told = find_in_paper(parts().house, me(), grant_id, wanted)
    if form.is_submitted() and not wanted.strip():
        form.words.errors = [gettext("Enter the words to find.")]
    return page(
        "attendee/read_find.html",
        marking=True,
        reference=told.case_reference,
        back=url_for("reading.show", grant_id=grant_id, sheet=sheet),
        form=form,
        told=told,
        wanted=wanted.strip(),
    )


def _page(template: str, endpoint: str, grant_id: GrantId, sheet: int) -> Answer:
    told = read_page(parts().house, me(), grant_id, sheet, as_text=endpoint == "reading.text")
    printed = request.args.get("page")
    errors = []
    if printed is not None:
        there = told.leaf.contents.sheet_of(printed)
        if there is not None:
            return redirect(url_for(endpoint, grant_id=grant_id, sheet=there))
        errors = [{"text": gettext("There is no page with this number."), "href": "#page"}]
    return page(
        template,
        marking=True,
        reference=told.case_reference,
        back=url_for("papers.show", grant_id=grant_id),
        told=told,
        leaf=told.leaf,
        contents=told.leaf.contents,
        name=name_of(told),
        here=endpoint,
        printed=printed or "",
        errors=errors,
    )


def name_of(told: PageToRead) -> str:
    """'Page 12, Tab 3: MAPPA F'."""
    leaf = told.leaf
    tab = leaf.contents.tab_of(leaf.sheet)
    label = gettext("Page %(number)s", number=leaf.contents.label_of(leaf.sheet))
    return label if tab is None else f"{label}, {tab.title}"


def _before() -> AnyResponse:
    return redirect(url_for("papers.show", grant_id=(request.view_args or {})["grant_id"]))
