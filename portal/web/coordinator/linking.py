"""Doors for an agency that another area has entered: finding it in the list, and linking it."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.domain.ids import AgencyId
from portal.journeys.agencies.link_agency import (
    Local,
    agency_to_link,
    link_agency,
    offered_agencies,
)
from portal.journeys.unacceptable import Unacceptable
from portal.policy.actions import Action
from portal.web.coordinator import words
from portal.web.coordinator.fields import put
from portal.web.coordinator.forms import LinkedForm
from portal.web.door import Door, me, page, parts

door = Door("unit_linking", __name__, url_prefix="/unit/agencies/link")


@door.get("/", action=Action.UNIT_AGENCY_ADD)
def offered() -> str:
    return page(
        "coordinator/agencies_offered.html",
        back=url_for("unit_people.people"),
        things=offered_agencies(parts().house, me()),
        standing_words=words.STANDING,
        service_words=words.SERVICE,
    )


@door.get("/<agency_id>", action=Action.UNIT_AGENCY_ADD)
@door.post("/<agency_id>", action=Action.UNIT_AGENCY_ADD)
def link(agency_id: AgencyId) -> str | Response:
    found = agency_to_link(parts().house, me(), agency_id)
    form = LinkedForm.at(request)
    errors = None
    if form.validate_on_submit():
        local = Local(
            form.spoc.data or "", form.deputy.data or "", form.mailbox.data or "", form.phone.data
        )
        try:
            link_agency(parts().house, me(), agency_id, local)
        except Unacceptable as refused:
            errors = put(form, refused)
        else:
            flash(_("The agency is linked. Its people are invited as everybody is."), "success")
            return redirect(url_for("unit_people.people"))
    return page(
        "coordinator/agency_link.html",
        back=url_for(".offered"),
        form=form,
        errors=errors,
        agency=found,
        standing_words=words.STANDING,
        service_words=words.SERVICE,
    )
