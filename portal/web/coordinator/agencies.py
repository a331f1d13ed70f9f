"""Doors for agencies: a new one, how one is reached, and whether other areas may link it."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.domain.ids import AgencyId
from portal.domain.people import Service, Standing
from portal.journeys.agencies.add_agency import NewAgency, add_agency
from portal.journeys.agencies.change_agency import change_agency
from portal.journeys.agencies.reaching import Reached
from portal.journeys.agencies.share_agency import share_agency
from portal.journeys.unacceptable import Unacceptable
from portal.journeys.views.people import agency_to_change, require_may_add_agency
from portal.policy.actions import Action
from portal.web.coordinator.fields import put
from portal.web.coordinator.forms import AgencyForm, LinkedForm, ReachedForm
from portal.web.door import Door, me, page, parts

door = Door("unit_agencies", __name__, url_prefix="/unit/agencies")


@door.get("/new", action=Action.UNIT_AGENCY_ADD)
@door.post("/new", action=Action.UNIT_AGENCY_ADD)
def new() -> str | Response:
    require_may_add_agency(parts().house, me())
    form = AgencyForm.at(request)
    errors = None
    if form.validate_on_submit():
        try:
            agency = add_agency(
                parts().house,
                me(),
                NewAgency(
                    form.name.data,
                    Standing(form.standing.data),
                    Service(form.service.data),
                    form.secure_way.data or "",
                    form.spoc.data or "",
                    form.phone.data,
                    form.deputy.data or "",
                    form.mailbox.data or "",
                ),
            )
        except Unacceptable as refused:
            errors = put(form, refused)
        else:
            said = (
                _("The agency is added.")
                if agency.may_be_invited
                else _(
                    "The agency is added. Nobody of it can be invited before its secure way of "
                    "receiving and its single point of contact are recorded."
                )
            )
            flash(said, "success")
            return redirect(url_for("unit_people.people"))
    return page(
        "coordinator/agency_new.html",
        back=url_for("unit_people.people"),
        form=form,
        errors=errors,
    )


@door.get("/<agency_id>", action=Action.UNIT_AGENCY_CHANGE)
@door.post("/<agency_id>", action=Action.UNIT_AGENCY_CHANGE)
def change(agency_id: AgencyId) -> str | Response:
    found = agency_to_change(parts().house, me(), agency_id)
    kind = ReachedForm if found.source_id is None else LinkedForm
    form = kind.at(request, data=vars(found))
    errors = None
    if form.validate_on_submit():
        typed = Reached(
            (form.secure_way.data or "") if found.source_id is None else found.secure_way,
            form.spoc.data or "",
            form.deputy.data or "",
            form.mailbox.data or "",
            form.phone.data,
        )
        try:
            change_agency(parts().house, me(), agency_id, typed)
        except Unacceptable as refused:
            errors = put(form, refused)
        else:
            flash(_("How the agency is reached is recorded."), "success")
            return redirect(url_for("unit_people.people"))
    return page(
        "coordinator/agency_change.html",
        back=url_for("unit_people.people"),
        form=form,
        errors=errors,
        agency=found,
    )


@door.post("/<agency_id>/shared", action=Action.UNIT_AGENCY_CHANGE)
def share(agency_id: AgencyId) -> Response:
    offered = request.form.get("shared") == "yes"
    try:
        share_agency(parts().house, me(), agency_id, shared=offered)
    except Unacceptable as refused:
        flash(refused.words)
    else:
        said = (
            _("Other areas can link this agency now. They see its name and what it is.")
            if offered
            else _("No further area can link this agency.")
        )
        flash(said, "success")
    return redirect(url_for(".change", agency_id=agency_id))
