"""Reports asked of one's own agency, and the receipt of one that was handed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from portal.domain.clocks import london
from portal.domain.facts import InArea, OfRequest
from portal.domain.ids import RequestId
from portal.domain.papers import ReportRequest, RequestStatus, Version, may_answer
from portal.journeys.deed import looking
from portal.journeys.house import House, Who
from portal.journeys.packs.standing import Late, what_became
from portal.journeys.reports.asked import asked
from portal.journeys.reports.open_original import openable
from portal.ledger import book
from portal.ledger.errors import LedgerError
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import areas, cases, claims, meetings, originals, papers, people


@dataclass(frozen=True)
class RequestRow:
    """One line of the list. `open`: an answer or a report is still taken. `holder` is the name of
    whoever has taken it on, empty for nobody; `mine`: the one who looks has."""

    id: RequestId
    reference: str
    form_code: str
    meeting_at: datetime
    due_on: date
    status: RequestStatus
    overdue: bool
    open: bool
    holder: str
    mine: bool


@dataclass(frozen=True)
class AgencyRequests:
    """Everything asked of the agency, the next due first, and what is over last."""

    agency: str
    phone: str
    rows: tuple[RequestRow, ...]


@dataclass(frozen=True)
class EarlierVersion:
    """A version that was corrected since, and what proves that it was received."""

    number: int
    pages: int
    payload_sha256: str
    position: int
    received_at: datetime
    line: str
    proof: str


@dataclass(frozen=True)
class ReportReceipt:
    """What the agency keeps: when what was received, and its proof in the ledger.

    `payload_sha256` is of the sealed bytes as they are kept; `line` and `proof` together show to
    anybody with the ledger's verifier key, and without the portal, that it was recorded.
    """

    request_id: RequestId
    reference: str
    form_code: str
    pages: int
    received_at: datetime
    late: bool
    payload_sha256: str
    manifest_sha256: str
    position: int
    line: str
    proof: str
    readable_until: datetime
    phone: str
    original_sha256: str = ""
    """Of the file as it was chosen; empty when it is no longer kept."""
    own_original: bool = False
    number: int = 1
    """Which version of the report it is; those before stay provable (rule 57)."""
    earlier: tuple[EarlierVersion, ...] = ()
    after_pack: Late | None = None
    """It came after the pack had gone out: whether it has gone to readers, or waits."""


def agency_requests(house: House, who: Who) -> AgencyRequests:
    """The list of the actor's own agency. Raises Refused for anybody who is no contact."""
    area_id, agency_id = who.actor.area_id, who.actor.agency_id
    with looking(house, who.actor) as look:
        look.require(Action.AGENCY_REQUESTS_READ, InArea(area_id))
        agency = people.load_agency(look.db, area_id, agency_id)
        area = areas.load(look.db, area_id)
        if agency is None or area is None:
            raise Refused(Action.AGENCY_REQUESTS_READ, Why.NOT_THERE)
        slots = {slot.id: slot for slot in meetings.slots_of_area(look.db, area_id)}
        known = cases.of_area(look.db, area_id)
        today = london(look.now).date()

        def facts(request: ReportRequest) -> OfRequest:
            return OfRequest(
                area_id,
                request.agency_id,
                may_answer(request.form_code, agency.service),
                request.status,
                slots[request.slot_id].starts_at,
            )

        found = [r for r in papers.requests_to(look.db, area_id, agency_id) if r.slot_id in slots]
        held = claims.among(look.db, area_id, [each.id for each in found])
        colleagues = {person.id: person for person in people.of_agency(look.db, area_id, agency_id)}

        def holder(request: ReportRequest) -> str:
            claim = held.get(request.id)
            person = None if claim is None else colleagues.get(claim.person_id)
            return "" if person is None else person.name

        rows = [
            RequestRow(
                id=request.id,
                reference=known[slots[request.slot_id].case_id].reference,
                form_code=request.form_code,
                meeting_at=slots[request.slot_id].starts_at,
                due_on=request.due_on,
                status=request.status,
                overdue=request.overdue(today),
                open=look.may(Action.AGENCY_REPORT_ANSWER, facts(request)),
                holder=holder(request),
                mine=request.id in held and held[request.id].person_id == who.actor.person_id,
            )
            for request in look.visible(Action.AGENCY_REQUEST_READ, found, facts)
        ]
    return AgencyRequests(
        agency.name, area.phone, tuple(sorted(rows, key=lambda row: (not row.open, row.due_on)))
    )


def report_receipt(house: House, who: Who, request_id: RequestId) -> ReportReceipt:
    """For any contact of the agency. Raises Refused (not there) before anything was received."""
    area_id, action = who.actor.area_id, Action.AGENCY_REQUEST_READ
    with looking(house, who.actor, request_id) as look:
        at = asked(look.db, area_id, request_id, action)
        look.require(action, at.facts)
        found = at.request.document_id
        versions = [] if found is None else papers.versions_of(look.db, area_id, found)
        rows = papers.manifests_of(look.db, area_id, versions[-1].id) if versions else []
        if not rows:
            raise Refused(action, Why.NOT_THERE)
        *earlier, newest = [_received(look.db, version) for version in versions]
        version = versions[-1]
        after_pack = what_became(look.db, at.request, version)
        original = originals.load(look.db, area_id, request_id)
        own = bool(openable(look.db, area_id, request_id, who.actor.person_id))
    return ReportReceipt(
        request_id=request_id,
        reference=at.case.reference,
        form_code=at.request.form_code,
        pages=version.pages,
        received_at=newest.received_at,
        late=london(newest.received_at).date() > at.request.due_on,
        payload_sha256=version.payload_sha256,
        manifest_sha256=rows[0].sha256,
        position=newest.position,
        line=newest.line,
        proof=newest.proof,
        readable_until=at.slot.starts_at,
        phone=at.area.phone,
        original_sha256="" if original is None else original.sha256,
        own_original=own,
        number=version.number,
        earlier=tuple(reversed(earlier)),
        after_pack=after_pack,
    )


def _received(db: Connection, version: Version) -> EarlierVersion:
    """Raises Refused where the ledger does not show that it was received."""
    area_id = version.area_id
    rows = papers.manifests_of(db, area_id, version.id)
    try:
        # The first manifest is the uploader's: its line is the one that received the report.
        position = rows[0].ledger_position
        entry = book.entries(db, area_id, position, 1)[0]
        proof = book.receipt(db, area_id, position)
    except (LedgerError, IndexError):
        raise Refused(Action.AGENCY_REQUEST_READ, Why.NOT_THERE) from None
    return EarlierVersion(
        version.number,
        version.pages,
        version.payload_sha256,
        position,
        entry.recorded_at,
        entry.leaf.decode(),
        proof,
    )
