"""Asking an agency for a report, within another deed: an invitation, or a request of its own.

MAPPA rule 18: a request has an agency, a form code and a due date. Every contact of the agency and
its team mailbox are told, and those contacts with a confirmed key are given the particulars, so
that they can search their records for the right person (rule 17).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from portal.chance import new_id
from portal.domain.cases import Case
from portal.domain.clocks import REPORT_DUE_WORKING_DAYS, london, working_days_after
from portal.domain.deeds import Deed, line
from portal.domain.ids import RequestId
from portal.domain.meetings import Slot
from portal.domain.papers import ReportRequest, RequestStatus
from portal.domain.people import Account, Agency, Area, Person, Role
from portal.journeys.deed import Doing
from portal.journeys.house import Who
from portal.journeys.keys.directory import confirmed_keys
from portal.journeys.meetings.bank_holidays import around
from portal.journeys.meetings.particulars import give, keep_given, may_receive
from portal.notices.kinds import Kind
from portal.records import papers, people


@dataclass(frozen=True)
class Asked:
    """A request as made; `told` contacts had a notice, `given` of them can open the particulars."""

    request: ReportRequest
    told: int
    given: int


def default_due(slot: Slot, today: date) -> date:
    """Ten working days before the meeting, and never before today."""
    meeting = london(slot.starts_at).date()
    return max(today, working_days_after(meeting, -REPORT_DUE_WORKING_DAYS, around(meeting)))


def earliest_and_latest(slot: Slot, today: date) -> tuple[date, date]:
    """Between which days, both included, a report for this slot may fall due."""
    return today, max(today, london(slot.starts_at).date() - timedelta(days=1))


def contacts_of(deed: Doing, agency: Agency) -> list[Person]:
    """The people of the agency who answer its report requests."""
    return [
        person
        for person in people.of_agency(deed.db, deed.area_id, agency.id)
        if Role.CONTACT in person.roles and person.account is not Account.LEFT
    ]


def ask(
    deed: Doing,
    who: Who,
    area: Area,
    slot: Slot,
    case: Case,
    agency: Agency,
    form_code: str,
    due_on: date,
) -> Asked:
    """Make the request, tell the contacts, give them the particulars, and leave the line."""
    request = ReportRequest(
        id=RequestId(new_id()),
        area_id=deed.area_id,
        slot_id=slot.id,
        agency_id=agency.id,
        form_code=form_code,
        due_on=due_on,
        status=RequestStatus.REQUESTED,
        document_id=None,
        asked_at=deed.now,
    )
    contacts = contacts_of(deed, agency)
    confirmed = confirmed_keys(deed.house, deed.db, deed.area_id)
    readers = [
        confirmed[person.id]
        for person in contacts
        if may_receive(person) and person.id in confirmed
    ]
    given = give(deed, who, case, readers)
    papers.save_request(deed.db, request)
    position = deed.note(
        line(
            Deed.REPORT_ASKED,
            request=request.id,
            slot=slot.id,
            agency=agency.id,
            form=form_code,
            due_on=due_on.isoformat(),
            manifests=given.hashes,
        )
    )
    keep_given(deed, given, position)
    starts = london(slot.starts_at)
    addresses = [person.email for person in contacts]
    for address in [*addresses, agency.mailbox] if agency.mailbox else addresses:
        deed.tell(
            Kind.REPORT_ASKED,
            address,
            area=area.name,
            reference=case.reference,
            date=starts.date().isoformat(),
            time=f"{starts:%H:%M}",
            form=form_code,
            due=due_on.isoformat(),
            path=f"/agency/requests/{request.id}",
            phone=area.phone,
        )
    return Asked(request, len(contacts), len(readers))
