"""Doors of what was sent: its receipt, taking it back, more time, and those who wait for a key."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.domain.clocks import london
from portal.domain.grants import Openness
from portal.domain.ids import GrantId, PersonId, SendingId
from portal.journeys.giving.give_more_time import give_more_time
from portal.journeys.giving.grant_waiting import StillWaiting, grant_waiting
from portal.journeys.giving.take_back import take_back
from portal.journeys.packs.withdraw_standing import withdraw_standing
from portal.journeys.unacceptable import Unacceptable
from portal.journeys.views.pack import (
    copy_page,
    sending_page,
    take_back_page,
)
from portal.journeys.views.waiting import waiting_page
from portal.policy.actions import Action
from portal.web.coordinator.fields import put
from portal.web.coordinator.sending_forms import MoreTimeForm, TakeBackForm, moment_of
from portal.web.coordinator.words import OPENNESS, SENDING
from portal.web.door import Door, me, page, parts

door = Door("unit_sendings", __name__, url_prefix="/unit")

Answer = str | Response


@door.get("/sendings/<sending_id>", action=Action.UNIT_PACK_READ)
def sending(sending_id: SendingId) -> Answer:
    found = sending_page(parts().house, me(), sending_id)
    return page(
        "coordinator/sending.html",
        marking=True,
        reference=found.at.case.reference,
        back=url_for("unit_slots.slot", slot_id=found.at.slot.id),
        found=found,
        kind_words=SENDING,
        state_words=OPENNESS,
    )


@door.get("/sendings/<sending_id>/take-back", action=Action.DECIDE_ACCESS_TAKE_BACK)
@door.post("/sendings/<sending_id>/take-back", action=Action.DECIDE_ACCESS_TAKE_BACK)
def take_all_back(sending_id: SendingId) -> Answer:
    return _take_back(sending_id, None)


@door.get("/sendings/<sending_id>/take-back/<person_id>", action=Action.DECIDE_ACCESS_TAKE_BACK)
@door.post("/sendings/<sending_id>/take-back/<person_id>", action=Action.DECIDE_ACCESS_TAKE_BACK)
def take_one_back(sending_id: SendingId, person_id: PersonId) -> Answer:
    return _take_back(sending_id, person_id)


def _take_back(sending_id: SendingId, person_id: PersonId | None) -> Answer:
    form = TakeBackForm.at(request)
    if form.validate_on_submit():
        back = take_back(parts().house, me(), sending_id, form.reason.data or "", person_id)
        if back.names:
            flash(_("It is taken back. It no longer opens."), "success")
        else:
            flash(_("There was nothing left to take back."))
        if not back.reason_kept:
            flash(_("Your reason was not kept: the unit's key is not the one in the record."))
        return redirect(url_for("unit_sendings.sending", sending_id=sending_id))
    found = take_back_page(parts().house, me(), sending_id, person_id)
    return page(
        "coordinator/take_back.html",
        marking=True,
        reference=found.at.case.reference,
        back=url_for("unit_sendings.sending", sending_id=sending_id),
        found=found,
        form=form,
        kind_words=SENDING,
        person=None if person_id is None else found.copies[0],
    )


@door.post("/sendings/<sending_id>/late", action=Action.DECIDE_STANDING_WITHDRAW)
def withdraw_instruction(sending_id: SendingId) -> Answer:
    withdraw_standing(parts().house, me(), sending_id)
    flash(_("Reports that come from now on wait for the unit."), "success")
    return redirect(url_for("unit_sendings.sending", sending_id=sending_id))


@door.get("/grants/<grant_id>/more-time", action=Action.DECIDE_ACCESS_EXTEND)
@door.post("/grants/<grant_id>/more-time", action=Action.DECIDE_ACCESS_EXTEND)
def more_time(grant_id: GrantId) -> Answer:
    found = copy_page(parts().house, me(), grant_id)
    closes = found.copy.grant.closes_at
    data = {} if closes is None else {"until": london(closes).time()}
    form, errors = MoreTimeForm.at(request, data=data), None
    if form.validate_on_submit():
        until = moment_of(form.until_on, form.until)
        try:
            give_more_time(parts().house, me(), grant_id, until, form.reason.data)
        except Unacceptable as refused:
            field = "until_on" if refused.field == "until" else refused.field
            errors = put(form, Unacceptable(field, refused.words))
        else:
            flash(_("The time is given."), "success")
            return redirect(url_for("unit_sendings.sending", sending_id=found.sending.id))
    return page(
        "coordinator/more_time.html",
        marking=True,
        reference=found.at.case.reference,
        back=url_for("unit_sendings.sending", sending_id=found.sending.id),
        found=found,
        form=form,
        errors=errors,
        ended=found.copy.state is Openness.ENDED,
    )


@door.get("/waiting", action=Action.UNIT_PACK_READ)
def waiting() -> Answer:
    found = waiting_page(parts().house, me())
    return page("coordinator/waiting.html", found=found, things=found.lines)


@door.post("/waiting/<person_id>", action=Action.DECIDE_WAITING_GRANT)
def let_open(person_id: PersonId) -> Answer:
    try:
        grant_waiting(parts().house, me(), person_id)
    except StillWaiting:
        flash(_("Nothing was changed: their key is not confirmed yet, or nothing waits for them."))
    else:
        flash(_("They can open it now, and have been told."), "success")
    return redirect(url_for("unit_sendings.waiting"))
