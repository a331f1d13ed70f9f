"""Doors for cases: the list with its search, a new case, one case."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.domain.ids import CaseId
from portal.journeys.meetings.open_case import open_case
from portal.journeys.meetings.read_case import read_case
from portal.journeys.meetings.read_names import read_names
from portal.journeys.unacceptable import Unacceptable
from portal.journeys.views.case import case_page
from portal.journeys.views.cases import agencies_to_lead, case_rows
from portal.journeys.views.holders import may_restrict
from portal.policy.actions import Action
from portal.web.coordinator import words
from portal.web.coordinator.fields import put
from portal.web.coordinator.forms import CaseForm
from portal.web.door import Door, me, page, parts

door = Door("unit_cases", __name__, url_prefix="/unit/cases")

LONGEST_SEARCH = 120


@door.get("/", action=Action.UNIT_NAMES_READ)
@door.post("/", action=Action.UNIT_NAMES_READ)
def cases() -> str:
    """The search is posted, because an address is kept in places where a name must not be."""
    find = request.form.get("find", "")[:LONGEST_SEARCH]
    names = read_names(parts().house, me())
    return page(
        "coordinator/cases.html",
        marking=True,
        things=case_rows(parts().house, me(), names, find),
        find=find,
        may_restrict=may_restrict(parts().house, me()),
        level_words=words.LEVEL,
    )


@door.get("/new", action=Action.UNIT_CASE_OPEN)
@door.post("/new", action=Action.UNIT_CASE_OPEN)
def new() -> str | Response:
    agencies = agencies_to_lead(parts().house, me())
    form = CaseForm.at(request)
    form.lead_agency_id.choices = {"": ""} | {agency.id: agency.name for agency in agencies}
    errors = None
    if form.validate_on_submit():
        try:
            case = open_case(
                parts().house,
                me(),
                form.typed(),
            )
        except Unacceptable as refused:
            errors = put(form, refused)
        else:
            flash(_("The case is open."), "success")
            return redirect(url_for("unit_cases.case", case_id=case.id))
    return page(
        "coordinator/case_new.html",
        marking=True,
        back=url_for("unit_cases.cases"),
        form=form,
        errors=errors,
    )


@door.get("/<case_id>", action=Action.UNIT_CASE_READ)
def case(case_id: CaseId) -> str:
    found = case_page(parts().house, me(), case_id)
    read = read_case(parts().house, me(), case_id)
    return page(
        "coordinator/case.html",
        marking=True,
        reference=found.case.reference,
        back=url_for("unit_cases.cases"),
        found=found,
        particulars=read.particulars,
        category_words=words.CATEGORY,
        level_words=words.LEVEL,
        kind_words=words.SLOT_KIND,
        concern_words=words.CONCERN,
    )
