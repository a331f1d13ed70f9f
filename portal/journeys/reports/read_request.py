"""A contact opens a report request of their own agency and sees who it is about.

The individual's name and date of birth are sealed to the agency's contacts whose key is
confirmed (MAPPA rule 17); opening them leaves its line first. Without a wrap the request is
shown with its reference only.
"""

from __future__ import annotations

from dataclasses import dataclass

from portal.domain.cases import Particulars
from portal.domain.deeds import Deed, line
from portal.domain.ids import RequestId
from portal.journeys.deed import doing, looking
from portal.journeys.house import House, Who
from portal.journeys.meetings.particulars import open_particulars
from portal.journeys.opening.opened import NotGiven
from portal.journeys.reports.asked import asked
from portal.journeys.views.agency_request import AgencyRequest, agency_request
from portal.policy.actions import Action

ACTION = Action.AGENCY_REQUEST_READ


@dataclass(frozen=True)
class ReadRequest:
    """`individual` is None where this reader cannot open it yet."""

    page: AgencyRequest
    individual: Particulars | None


def read_request(house: House, who: Who, request_id: RequestId) -> ReadRequest:
    """Raises Refused (another agency's request does not exist), Spoilt or a StorageError."""
    page = agency_request(house, who, request_id)
    if page.header is None:
        return ReadRequest(page, None)
    with doing(house, who.actor, ACTION, request_id) as deed:
        at = asked(deed.db, deed.area_id, request_id, ACTION)
        deed.require(at.facts)
        deed.note(line(Deed.PARTICULARS_READ, case=at.case.id))
    with looking(house, who.actor, request_id) as look:
        try:
            individual = open_particulars(
                house,
                look.db,
                at.case,
                who.actor.person_id,
                page.header.fingerprint,
                who.identities(),
            )
        except NotGiven:
            return ReadRequest(page, None)
    return ReadRequest(page, individual)
