"""Ask an agency for a report on one case at one meeting (MAPPA rules 18, 20).

Each contact of the agency is told; those with a confirmed key are given the particulars. A MAPPA
F is asked of custody only.
"""

from __future__ import annotations

from datetime import date

from portal.domain.clocks import london
from portal.domain.ids import AgencyId, SlotId
from portal.domain.papers import FORMS, RequestStatus, may_answer
from portal.journeys.deed import Doing, doing
from portal.journeys.house import House, Who
from portal.journeys.meetings.slots import require_still_ahead, scene_of
from portal.journeys.reports.asking import Asked, ask, earliest_and_latest
from portal.journeys.restricted.about import about
from portal.journeys.unacceptable import Unacceptable
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import papers, people

ASKABLE = tuple(code for code in FORMS if code != "previous")
"""What an agency can be asked for; the minutes of the previous meeting are the unit's own."""


def ask_for_report(
    house: House, who: Who, slot_id: SlotId, agency_id: AgencyId, form_code: str, due_on: date
) -> Asked:
    """Raises Refused, Unacceptable (`form_code`, `due_on`), KeyAlarm or Spoilt."""
    with doing(house, who.actor, Action.UNIT_REPORT_ASK, subject=slot_id) as deed:
        deed.require(about(deed, slot_id))
        scene = scene_of(deed, slot_id, Action.UNIT_REPORT_ASK)
        agency = people.load_agency(deed.db, deed.area_id, agency_id)
        if agency is None:
            raise Refused(Action.UNIT_REPORT_ASK, Why.NOT_THERE)
        require_still_ahead(deed, scene.slot)
        if form_code not in ASKABLE:
            raise Unacceptable("form_code", "Choose what you ask for.")
        if not may_answer(form_code, agency.service):
            raise Unacceptable(
                "form_code", "A MAPPA F comes from a prison or youth custody. Choose another form."
            )
        _require_due(due_on, *earliest_and_latest(scene.slot, london(deed.now).date()))
        _require_new(deed, slot_id, agency_id, form_code)
        return ask(deed, who, scene.area, scene.slot, scene.case, agency, form_code, due_on)


def _require_due(due_on: date, earliest: date, latest: date) -> None:
    if not earliest <= due_on <= latest:
        raise Unacceptable("due_on", "Choose a day from today to the day before the meeting.")


def _require_new(deed: Doing, slot_id: SlotId, agency_id: AgencyId, form_code: str) -> None:
    for request in papers.requests_for(deed.db, deed.area_id, slot_id):
        if (
            request.agency_id == agency_id
            and request.form_code == form_code
            and request.status is RequestStatus.REQUESTED
        ):
            raise Unacceptable("form_code", "This agency has been asked for this already.")
