"""Doors for standing panels: who sits on them, and inviting one to a whole meeting day."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from govuk_frontend_wtf.wtforms_widgets import GovTextArea, GovTextInput
from werkzeug.wrappers import Response
from wtforms import StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from portal.domain.ids import MeetingDayId, PanelId, PersonId
from portal.domain.meetings import CAPACITY_WORDS, Capacity
from portal.journeys.meetings.invite_panel import PanelLook, invite_panel, look_at_panel
from portal.journeys.meetings.invite_to_slot import LONGEST_REASON
from portal.journeys.meetings.set_panel import set_panel
from portal.journeys.unacceptable import Unacceptable
from portal.journeys.views.meeting import meeting_page
from portal.journeys.views.panels import panel_form, panels_page
from portal.policy.actions import Action
from portal.web.coordinator.fields import put
from portal.web.door import Door, me, page, parts
from portal.web.forms import PortalForm

door = Door("unit_panels", __name__, url_prefix="/unit")


class NameForm(PortalForm):
    """What the panel is called; who sits on it is read from the table of the page."""

    name = StringField(
        _l("Name of the panel"),
        [
            InputRequired(_l("Give the panel a name.")),
            Length(max=120, message=_l("Write at most %(max)d characters.")),
        ],
        widget=GovTextInput(),
        description=_l("Such as Level 2 panel, north. It must not name an individual."),
    )


class InvitePanelForm(PortalForm):
    """Why this panel is invited (rule 4)."""

    reason = TextAreaField(
        _l("Why they are invited"),
        [
            InputRequired(_l("Write why this panel is invited.")),
            Length(max=LONGEST_REASON, message=_l("Write at most %(max)d characters.")),
        ],
        widget=GovTextArea(),
        description=_l("It is kept with each invitation, sealed for the unit."),
    )


@door.get("/panels/", action=Action.UNIT_PEOPLE_READ)
def panels() -> str:
    return page(
        "coordinator/panels.html",
        back=url_for("unit_people.people"),
        things=panels_page(parts().house, me()),
        capacity_words=CAPACITY_WORDS,
    )


@door.get("/panels/new", action=Action.UNIT_PANEL_SET)
@door.post("/panels/new", action=Action.UNIT_PANEL_SET)
def new() -> str | Response:
    return _form_page(None)


@door.get("/panels/<panel_id>", action=Action.UNIT_PANEL_SET)
@door.post("/panels/<panel_id>", action=Action.UNIT_PANEL_SET)
def change(panel_id: PanelId) -> str | Response:
    return _form_page(panel_id)


@door.get("/meetings/<day_id>/panel", action=Action.UNIT_INVITATION_MAKE)
def look(day_id: MeetingDayId) -> str:
    found = meeting_page(parts().house, me(), day_id)
    chosen = request.args.get("panel", "")
    looked = look_at_panel(parts().house, me(), day_id, PanelId(chosen)) if chosen else None
    return _day_page(day_id, found.rows, looked, InvitePanelForm.at(request), None)


@door.post("/meetings/<day_id>/panel", action=Action.UNIT_INVITATION_MAKE)
def invite(day_id: MeetingDayId) -> str | Response:
    found = meeting_page(parts().house, me(), day_id)
    panel_id = PanelId(request.form.get("panel", ""))
    looked = look_at_panel(parts().house, me(), day_id, panel_id)
    form = InvitePanelForm.at(request)
    errors = None
    if form.validate_on_submit():
        digest = request.form.get("digest", "")
        try:
            sent = invite_panel(parts().house, me(), day_id, panel_id, digest, form.reason.data)
        except Unacceptable as refused:
            errors = put(form, refused)
        else:
            said = ngettext("%(num)d invitation is sent.", "%(num)d invitations are sent.", sent)
            flash(said, "success")
            return redirect(url_for("unit_meetings.meeting", day_id=day_id))
    return _day_page(day_id, found.rows, looked, form, errors)


def _form_page(panel_id: PanelId | None) -> str | Response:
    found = panel_form(parts().house, me(), panel_id)
    form = NameForm.at(request)
    errors, seats = None, dict(found.seats)
    if form.is_submitted():
        seats = _seats([person.id for person, _agency in found.everybody])
    if form.validate_on_submit():
        try:
            set_panel(parts().house, me(), panel_id, form.name.data, seats)
        except Unacceptable as refused:
            errors = put(form, refused)
        else:
            flash(_("The panel is saved. Nobody has been invited yet."), "success")
            return redirect(url_for(".panels"))
    elif not form.is_submitted() and found.panel is not None and not form.name.data:
        form.name.data = found.panel.name
    return page(
        "coordinator/panel.html",
        back=url_for(".panels"),
        found=found,
        form=form,
        errors=errors,
        seats=seats,
        capacity_words=CAPACITY_WORDS,
    )


def _seats(known: list[PersonId]) -> dict[PersonId, Capacity]:
    typed = {person_id: request.form.get(f"of_{person_id}", "") for person_id in known}
    offered = {capacity.value for capacity in Capacity}
    return {key: Capacity(word) for key, word in typed.items() if word in offered}


def _day_page(
    day_id: MeetingDayId,
    rows: object,
    looked: PanelLook | None,
    form: InvitePanelForm,
    errors: list[dict[str, str]] | None,
) -> str:
    return page(
        "coordinator/panel_invite.html",
        marking=True,
        back=url_for("unit_meetings.meeting", day_id=day_id),
        day_id=day_id,
        rows=rows,
        panels=panels_page(parts().house, me()),
        looked=looked,
        form=form,
        errors=errors,
        capacity_words=CAPACITY_WORDS,
    )
