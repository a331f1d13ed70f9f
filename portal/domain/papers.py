"""Papers: what exists in sealed form, in which version, and who it belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from portal.domain.ids import (
    AgencyId,
    AreaId,
    CaseId,
    DocumentId,
    ManifestId,
    PersonId,
    RequestId,
    SlotId,
    VersionId,
)
from portal.domain.people import CUSTODY, Service

MARKING = "OFFICIAL-SENSITIVE"
"""On every page and screen of case content (rule 34)."""


HANDLING = (
    "For the named reader only. Do not copy it, and do not pass it on.",
    "Every page of every copy carries its reader's name.",
    "To pass anything on, ask the MAPPA unit in the portal: it needs written authority.",
    "If this copy has gone astray, ring the unit at once.",
)
"""What the cover of everything that is sent says about handling (rules 32, 54)."""


class Kind(StrEnum):
    """What a document is."""

    PARTICULARS = "particulars"
    REPORT = "report"
    PACK = "pack"
    ANNEX = "annex"
    ADDENDUM = "addendum"
    MINUTES = "minutes"
    MINUTES_COPY = "minutes_copy"
    SUMMARY = "summary"
    EXTRACT = "extract"
    DISCLOSED = "disclosed"
    AUTHORITY = "authority"
    REFUSAL = "refusal"
    ORIGINAL = "original"
    """A file as its uploader chose it: foreign bytes, kept sealed as evidence."""


FORMS = {
    "A": "MAPPA A: referral to Level 2 or 3",
    "F": "MAPPA F: prison or youth custody report",
    "R": "MAPPA R: Home Office contribution",
    "update": "Agency update",
    "risk": "Risk assessment and draft risk management plan",
    "previous": "Minutes of the previous meeting",
}
"""Form codes and their titles. A title names the form, never the individual."""


REFERRAL = "A"
MINUTES_FORM = "C"

SUMMARY_FORM = "S"

TITLES = {
    **FORMS,
    MINUTES_FORM: "MAPPA C: minutes of the meeting",
    SUMMARY_FORM: "Executive summary",
}
"""Everything that can be bound, by form code."""


def called(form_code: str, owner: str) -> str:
    """What a paper is called wherever its agency does not stand beside it: many agencies answer
    with the same form, and whoever mistakes one report for another sends the wrong one. Minutes and
    a summary exist once for a meeting, and have their title alone."""
    once = form_code not in FORMS or form_code == "previous"
    return TITLES[form_code] if once else f"{TITLES[form_code]}, {owner}"


def may_answer(form_code: str, service: Service) -> bool:
    """Rule 20: a MAPPA F is accepted only from a prison or youth custody."""
    return form_code != "F" or service in CUSTODY


@dataclass(frozen=True)
class Document:
    """One paper, whatever its versions. `slot_id` binds it to a case slot at upload (rule 22)."""

    id: DocumentId
    area_id: AreaId
    case_id: CaseId
    slot_id: SlotId | None
    kind: Kind
    form_code: str
    owner_agency_id: AgencyId
    author_id: PersonId
    created_at: datetime


class Scan(StrEnum):
    """Whether a virus scanner looked through a file that came from outside."""

    CLEAN = "clean"
    NOT_SCANNED = "not_scanned"


@dataclass(frozen=True)
class Version:
    """One sealed payload of a document: `payload_sha256` names its bytes in the store.

    Sizes are bytes; `pages` is 0 where the paper is not a PDF. `scan` is None where the portal
    made the paper itself.
    """

    id: VersionId
    area_id: AreaId
    document_id: DocumentId
    number: int
    payload_sha256: str
    clear_size: int
    pages: int
    key_commit: bytes
    made_at: datetime
    scan: Scan | None = None


@dataclass(frozen=True)
class ManifestRow:
    """A signed manifest as stored: the exact bytes, the signature, who signed, and the ledger's
    line that holds its SHA-256."""

    id: ManifestId
    area_id: AreaId
    version_id: VersionId
    body: bytes
    signature: bytes
    signer_id: PersonId
    sha256: str
    ledger_position: int
    made_at: datetime


UNIT_READER = PersonId("unit")
"""Stands for the area's coordination unit where a header names its reader."""


@dataclass(frozen=True)
class Header:
    """One reader's wrap of one payload: with the payload, a whole age file for that reader."""

    area_id: AreaId
    version_id: VersionId
    reader_id: PersonId
    fingerprint: str
    header: bytes


class RequestStatus(StrEnum):
    """Where a report request stands (rule 18)."""

    REQUESTED = "requested"
    RECEIVED = "received"
    NOTHING_KNOWN = "nothing_known"
    NOTHING_NEW = "nothing_new"
    AT_MEETING = "at_meeting"
    DECLINED = "declined"


REQUEST_WORDS = {
    RequestStatus.REQUESTED: "Asked",
    RequestStatus.RECEIVED: "Received",
    RequestStatus.NOTHING_KNOWN: "Nothing known",
    RequestStatus.NOTHING_NEW: "Nothing new",
    RequestStatus.AT_MEETING: "Will say it at the meeting",
    RequestStatus.DECLINED: "Cannot share, with reason",
}
"""How each status reads on a page. A request that is overdue says so as well."""


@dataclass(frozen=True)
class ReportRequest:
    """A report asked of one agency for one case slot, by form code and due date (rule 18)."""

    id: RequestId
    area_id: AreaId
    slot_id: SlotId
    agency_id: AgencyId
    form_code: str
    due_on: date
    status: RequestStatus
    document_id: DocumentId | None
    asked_at: datetime

    def overdue(self, today: date) -> bool:
        return self.status is RequestStatus.REQUESTED and today > self.due_on
