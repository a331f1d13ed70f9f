"""A contact opens a report request of their own agency and sees who it is about.

The individual's name and date of birth are sealed to the agency's contacts whose key is
confirmed (MAPPA rule 17); opening them leaves its line first. Without a wrap the request is
shown with its reference only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from portal.documents.findings import Finding, FindingKind
from portal.domain.cases import Case, Particulars
from portal.domain.deeds import Deed, line
from portal.domain.ids import RequestId
from portal.domain.papers import Header
from portal.journeys.asked import Asked, asked
from portal.journeys.candidate import current
from portal.journeys.deed import doing, looking
from portal.journeys.house import House, Who
from portal.journeys.opening import NotGiven
from portal.journeys.particulars import open_particulars
from portal.journeys.sealing import own_fingerprint
from portal.policy.actions import Action
from portal.records import keys, papers

ACTION = Action.AGENCY_REQUEST_READ


@dataclass(frozen=True)
class Waiting:
    """The reader's own examined file, not handed in yet."""

    id: str
    findings: tuple[Finding, ...]
    pages: int


@dataclass(frozen=True)
class ReadRequest:
    """One request. `individual` is None where this reader cannot open it yet.

    `may_answer` and `may_upload` are what the judge would say now; `own_report` whether this
    reader handed the report in, and may read it again.
    """

    asked: Asked
    individual: Particulars | None
    key_confirmed: bool
    may_answer: bool
    may_upload: bool
    own_report: bool
    waiting: Waiting | None


def read_request(house: House, who: Who, request_id: RequestId) -> ReadRequest:
    """Raises Refused (another agency's request does not exist), Spoilt or a StorageError."""
    area_id, person_id = who.actor.area_id, who.actor.person_id
    with looking(house, who.actor, request_id) as look:
        at = asked(look.db, area_id, request_id, ACTION)
        look.require(ACTION, at.facts)
        header = papers.header_for(look.db, area_id, at.case.particulars_version, person_id)
        confirmed = keys.confirmations_of_area(look.db, area_id).get(person_id)
        key_confirmed = confirmed is not None and confirmed.fingerprint == own_fingerprint(who)
        left = current(look.db, who, request_id, look.now)
        may_answer = look.may(Action.AGENCY_REPORT_ANSWER, at.facts)
        may_upload = look.may(Action.AGENCY_REPORT_UPLOAD, at.facts) and key_confirmed
        own = False
        if at.request.document_id is not None:
            version = papers.latest_version(look.db, area_id, at.request.document_id)
            own = (
                look.may(Action.AGENCY_REPORT_READ, at.facts)
                and version is not None
                and papers.header_for(look.db, area_id, version.id, person_id) is not None
            )
    individual = None if header is None else _read(house, who, request_id, header)
    return ReadRequest(
        at,
        individual,
        key_confirmed,
        may_answer,
        may_upload and individual is not None,
        own,
        None if left is None else Waiting(left.id, findings_of(left.findings), left.pages),
    )


def findings_of(counts: Mapping[str, int]) -> tuple[Finding, ...]:
    """What was found, in the order of the closed list; a kind no longer in it is left out."""
    return tuple(
        Finding(kind, counts[kind.value]) for kind in FindingKind if counts.get(kind.value)
    )


def _read(house: House, who: Who, request_id: RequestId, header: Header) -> Particulars | None:
    with doing(house, who.actor, ACTION, request_id) as deed:
        at = asked(deed.db, deed.area_id, request_id, ACTION)
        deed.require(at.facts)
        case: Case = at.case
        deed.note(line(Deed.PARTICULARS_READ, case=case.id))
    with looking(house, who.actor, request_id) as look:
        try:
            return open_particulars(
                house, look.db, case, who.actor.person_id, header.fingerprint, who.identities()
            )
        except NotGiven:
            return None
