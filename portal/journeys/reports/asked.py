"""A report request as its agency meets it, loaded once for the judge and the page."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from portal.domain.cases import Case
from portal.domain.facts import OfRequest
from portal.domain.ids import AreaId, RequestId
from portal.domain.meetings import Slot
from portal.domain.papers import ReportRequest, may_answer
from portal.domain.people import Agency, Area
from portal.journeys.giving.sealing import own_fingerprint
from portal.journeys.house import House, Who
from portal.journeys.keys.directory import confirmed_keys
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import areas, cases, meetings, papers, people


@dataclass(frozen=True)
class Asked:
    """What is asked, of which agency, for which case at which meeting."""

    request: ReportRequest
    slot: Slot
    case: Case
    agency: Agency
    area: Area

    @property
    def facts(self) -> OfRequest:
        """For the judge. The window closes when the meeting of this case begins."""
        return OfRequest(
            self.request.area_id,
            self.request.agency_id,
            may_answer(self.request.form_code, self.agency.service),
            self.request.status,
            self.slot.starts_at,
        )


def asked(db: Connection, area_id: AreaId, request_id: RequestId, action: Action) -> Asked:
    """Raises Refused (not there) for what is not in this area, as if it did not exist."""
    request = papers.load_request(db, area_id, request_id)
    slot = None if request is None else meetings.load_slot(db, area_id, request.slot_id)
    case = None if slot is None else cases.load(db, area_id, slot.case_id)
    agency = None if request is None else people.load_agency(db, area_id, request.agency_id)
    area = areas.load(db, area_id)
    if request is None or slot is None or case is None or agency is None or area is None:
        raise Refused(action, Why.NOT_THERE)
    return Asked(request, slot, case, agency, area)


def require_confirmed(house: House, db: Connection, who: Who) -> None:
    """Only somebody whose key a coordinator has confirmed may sign a report: else the unit could
    not tell whose it is. Raises Refused, or KeyAlarm."""
    key = confirmed_keys(house, db, who.actor.area_id).get(who.actor.person_id)
    if key is None or key.fingerprint != own_fingerprint(who):
        raise Refused(Action.AGENCY_REPORT_UPLOAD, Why.CANNOT_OPEN_YET)
