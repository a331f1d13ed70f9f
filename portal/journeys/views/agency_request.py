"""One report request, as a contact of the agency sees it, without what is sealed."""

from __future__ import annotations

from dataclasses import dataclass

from portal.documents.findings import Finding, FindingKind, from_kept
from portal.domain.ids import RequestId
from portal.domain.papers import Header, Scan
from portal.domain.people import Person
from portal.journeys.deed import looking
from portal.journeys.house import House, Who
from portal.journeys.packs.standing import Late, what_becomes
from portal.journeys.reports.asked import Asked, asked
from portal.journeys.reports.candidate import current
from portal.journeys.reports.choose_unscanned import takes_files
from portal.journeys.reports.correcting import earlier_of
from portal.policy.actions import Action
from portal.records import claims, papers, people

ACTION = Action.AGENCY_REQUEST_READ


@dataclass(frozen=True)
class Waiting:
    """The reader's own examined file, not handed in yet."""

    id: str
    findings: tuple[Finding, ...]
    pages: int
    scan: Scan

    @property
    def recognised(self) -> tuple[int, ...]:
        """The pages whose words were recognised, where it is known which."""
        told = {finding.kind: finding.pages for finding in self.findings}
        return told.get(FindingKind.RECOGNISED, ())

    @property
    def viruses(self) -> str:
        """What the scanner could look into: "all", "in_part" where an attached file is locked, or
        "none"."""
        if self.scan is not Scan.CLEAN:
            return "none"
        locked = any(each.kind is FindingKind.LOCKED_ATTACHMENTS for each in self.findings)
        return "in_part" if locked else "all"


@dataclass(frozen=True)
class AgencyRequest:
    """One request. `header` is this reader's wrap of the particulars, None where there is none.

    `may_answer` and `may_upload` are what the judge would say now; `own_report`: this reader
    handed the report in and may read it again. `holder` has taken the request on, if anybody has.
    `correcting`: a report is in, and what would be handed in now is a corrected version of it.
    `late`: the pack has gone out, and what becomes of a report that is handed in now.
    `takes_files`: not where there is no virus scanner, and the area takes nothing without.
    """

    asked: Asked
    header: Header | None
    may_answer: bool
    may_upload: bool
    own_report: bool
    correcting: bool
    waiting: Waiting | None
    holder: Person | None
    may_claim: bool
    late: Late | None
    takes_files: bool


def agency_request(house: House, who: Who, request_id: RequestId) -> AgencyRequest:
    """Raises Refused: another agency's request does not exist."""
    area_id, person_id = who.actor.area_id, who.actor.person_id
    with looking(house, who.actor, request_id) as look:
        at = asked(look.db, area_id, request_id, ACTION)
        look.require(ACTION, at.facts)
        header = papers.header_for(look.db, area_id, at.case.particulars_version, person_id)
        left = current(look.db, who, request_id, look.now)
        found = at.request.document_id
        version = None if found is None else papers.latest_version(look.db, area_id, found)
        own = version is not None and (
            papers.header_for(look.db, area_id, version.id, person_id) is not None
        )
        held = claims.of(look.db, area_id, request_id)
        holder = None if held is None else people.load(look.db, area_id, held.person_id)
        return AgencyRequest(
            asked=at,
            header=header,
            may_answer=look.may(Action.AGENCY_REPORT_ANSWER, at.facts),
            may_upload=(look.may(Action.AGENCY_REPORT_UPLOAD, at.facts) and header is not None),
            own_report=own and look.may(Action.AGENCY_REPORT_READ, at.facts),
            correcting=earlier_of(look.db, at.request) is not None,
            waiting=(
                None
                if left is None
                else Waiting(left.id, from_kept(left.findings), left.pages, left.scan)
            ),
            holder=holder,
            may_claim=(
                look.may(Action.AGENCY_REQUEST_CLAIM, at.facts)
                and (holder is None or holder.id != person_id)
            ),
            late=what_becomes(house, look.db, at.request, look.now),
            takes_files=takes_files(house, look.db, area_id),
        )
