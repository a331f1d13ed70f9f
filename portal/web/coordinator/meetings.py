"""Doors for meeting days: planning one, and looking at one."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.domain.ids import CaseId, MeetingDayId
from portal.domain.meetings import Mode, SlotKind
from portal.journeys.meetings.plan_meeting import Heard, plan_meeting
from portal.journeys.meetings.read_names import read_names
from portal.journeys.unacceptable import Unacceptable
from portal.journeys.views.meeting import cases_to_hear, meeting_page
from portal.policy.actions import Action
from portal.web.coordinator import words
from portal.web.coordinator.fields import put
from portal.web.coordinator.forms import MeetingForm
from portal.web.door import Door, me, page, parts

door = Door("unit_meetings", __name__, url_prefix="/unit/meetings")


@door.get("/new", action=Action.UNIT_MEETING_PLAN)
@door.post("/new", action=Action.UNIT_MEETING_PLAN)
def new() -> str | Response:
    known = cases_to_hear(parts().house, me())
    names = read_names(parts().house, me())
    form = MeetingForm.at(request)
    form.offer({case.id: f"{case.reference} {names.get(case.id, '')}" for case in known})
    errors = None
    if form.validate_on_submit():
        try:
            planned = plan_meeting(
                parts().house,
                me(),
                form.on.day,
                form.starts.data,
                Mode(form.mode.data),
                _heard(form),
            )
        except Unacceptable as refused:
            errors = _put(form, refused)
        else:
            flash(_("The meeting is planned. Now invite people to each case."), "success")
            return redirect(url_for("unit_meetings.meeting", day_id=planned.day.id))
    return page(
        "coordinator/meeting_new.html",
        marking=True,
        back=url_for("unit.today"),
        form=form,
        errors=errors,
    )


@door.get("/<day_id>", action=Action.UNIT_MEETING_READ)
def meeting(day_id: MeetingDayId) -> str:
    found = meeting_page(parts().house, me(), day_id)
    return page(
        "coordinator/meeting.html",
        marking=True,
        back=url_for("unit.today"),
        found=found,
        names=read_names(parts().house, me()),
        mode_words=words.MODE,
        kind_words=words.SLOT_KIND,
    )


def _heard(form: MeetingForm) -> list[Heard]:
    return [
        Heard(CaseId(row.case_id.data), SlotKind(row.kind.data), row.at.data)
        for row in (entry.form for entry in form.cases)
        if row.case_id.data
    ]


def _put(form: MeetingForm, refused: Unacceptable) -> list[dict[str, str]]:
    if refused.field != "cases":
        return put(form, refused)
    first = form.cases[0].form.case_id
    first.errors = [refused.words]
    return [{"text": refused.words, "href": f"#{first.id}"}]
