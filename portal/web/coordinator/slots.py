"""Doors for one case at one meeting: its page, inviting, asking, withdrawing."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from portal.domain.ids import AgencyId, PersonId, SlotId
from portal.domain.meetings import CAPACITY_WORDS, Capacity
from portal.domain.papers import FORMS, REQUEST_WORDS
from portal.journeys.meetings.invite_to_slot import Invited, invite_to_slot
from portal.journeys.meetings.read_names import read_names
from portal.journeys.meetings.withdraw_invitation import withdraw_invitation
from portal.journeys.record.read_reasons import read_reasons
from portal.journeys.reports.ask_for_report import ask_for_report
from portal.journeys.unacceptable import Unacceptable
from portal.journeys.views.slot import slot_page, to_ask, to_invite
from portal.policy.actions import Action
from portal.web.audit.deed_names import NAMES
from portal.web.coordinator import words
from portal.web.coordinator.fields import put
from portal.web.coordinator.forms import AskForm, InviteForm
from portal.web.door import Door, me, page, parts

door = Door("unit_slots", __name__, url_prefix="/unit/slots")


@door.get("/<slot_id>", action=Action.UNIT_MEETING_READ)
def slot(slot_id: SlotId) -> str:
    found = slot_page(parts().house, me(), slot_id)
    return page(
        "coordinator/slot.html",
        marking=True,
        reference=found.case.reference,
        back=url_for("unit_meetings.meeting", day_id=found.slot.meeting_day_id),
        found=found,
        name=read_names(parts().house, me()).get(found.case.id, ""),
        capacity_words=CAPACITY_WORDS,
        forms=FORMS,
        request_words=REQUEST_WORDS,
        key_words=words.KEY,
        kind_words=words.SLOT_KIND,
        minutes_words=words.MINUTES,
    )


@door.get("/<slot_id>/reasons", action=Action.UNIT_REASONS_READ)
def reasons(slot_id: SlotId) -> str:
    found = read_reasons(parts().house, me(), slot_id)
    return page(
        "coordinator/reasons.html",
        marking=True,
        reference=found.case.reference,
        back=url_for("unit_slots.slot", slot_id=slot_id),
        found=found,
        what=NAMES,
    )


@door.get("/<slot_id>/invite", action=Action.UNIT_INVITATION_MAKE)
@door.post("/<slot_id>/invite", action=Action.UNIT_INVITATION_MAKE)
def invite(slot_id: SlotId) -> str | Response:
    found = to_invite(parts().house, me(), slot_id)
    form = InviteForm.at(request)
    form.person.choices = {"": ""} | {
        person.id: f"{agency.name}: {person.name}" for person, agency in found.people
    }
    errors = None
    if form.validate_on_submit():
        try:
            invited = invite_to_slot(
                parts().house,
                me(),
                slot_id,
                PersonId(form.person.data),
                Capacity(form.capacity.data),
                form.reason.data,
            )
        except Unacceptable as refused:
            errors = put(form, refused)
        else:
            flash(_said(invited), "success")
            return redirect(url_for("unit_slots.slot", slot_id=slot_id))
    return page(
        "coordinator/invite.html",
        marking=True,
        reference=found.case.reference,
        back=url_for("unit_slots.slot", slot_id=slot_id),
        form=form,
        errors=errors,
    )


def _said(invited: Invited) -> str:
    said = [_("The invitation is sent.")]
    if not invited.can_open:
        said.append(_("They cannot open papers yet."))
    if invited.asked is not None:
        said.append(_("Their agency has been asked for its MAPPA F."))
        if not invited.asked.told:
            said.append(_("It has no contact yet who could be told: add one under People."))
    return " ".join(said)


@door.post("/<slot_id>/withdraw/<person_id>", action=Action.UNIT_INVITATION_WITHDRAW)
def withdraw(slot_id: SlotId, person_id: PersonId) -> Response:
    withdraw_invitation(parts().house, me(), slot_id, person_id)
    flash(
        _("The invitation is withdrawn, and what was sent for this case can no longer be opened."),
        "success",
    )
    return redirect(url_for("unit_slots.slot", slot_id=slot_id))


@door.get("/<slot_id>/ask", action=Action.UNIT_REPORT_ASK)
@door.post("/<slot_id>/ask", action=Action.UNIT_REPORT_ASK)
def ask(slot_id: SlotId) -> str | Response:
    found = to_ask(parts().house, me(), slot_id)
    form = AskForm.at(request, data={"due_on": found.due_on})
    form.agency_id.choices = {"": ""} | {agency.id: agency.name for agency in found.agencies}
    errors = None
    if form.validate_on_submit():
        try:
            asked = ask_for_report(
                parts().house,
                me(),
                slot_id,
                AgencyId(form.agency_id.data),
                form.form_code.data,
                form.due_on.day,
            )
        except Unacceptable as refused:
            errors = put(form, refused)
        else:
            said = (
                ngettext(
                    "The report is asked for. %(num)d person was told.",
                    "The report is asked for. %(num)d people were told.",
                    asked.told,
                )
                if asked.told
                else _("The report is asked for, but the agency has no contact who could be told.")
            )
            flash(said, "success")
            return redirect(url_for("unit_slots.slot", slot_id=slot_id))
    return page(
        "coordinator/ask.html",
        marking=True,
        reference=found.case.reference,
        back=url_for("unit_slots.slot", slot_id=slot_id),
        form=form,
        errors=errors,
    )
