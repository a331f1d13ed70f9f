"""Onward disclosure: nothing leaves without a coordinator's written authority (rules 54, 60)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from portal.domain.ids import AgencyId, AreaId, DisclosureId, PersonId, SendingId, SlotId, VersionId

SHORTEST_REASON = 20
"""Characters below which a reason is refused: necessity and proportionality each need their own
text, and "n/a" is none (rule 68)."""


class DisclosureState(StrEnum):
    """Where a request stands; the two outcomes are final."""

    ASKED = "asked"
    APPROVED = "approved"
    REFUSED = "refused"


class LawfulBasis(StrEnum):
    """Powers a coordinator may rely on; a closed list, so that it can stand in the authority."""

    CJA_325 = "cja_325"
    CDA_115 = "cda_115"
    COMMON_LAW = "common_law"
    DPA_PART_3 = "dpa_part_3"
    UK_GDPR_6_9 = "uk_gdpr_6_9"
    COURT_ORDER = "court_order"


LAWFUL_BASIS_WORDS = {
    LawfulBasis.CJA_325: "Criminal Justice Act 2003, section 325(3) to (4B)",
    LawfulBasis.CDA_115: "Crime and Disorder Act 1998, section 115",
    LawfulBasis.COMMON_LAW: "Common law: a pressing need",
    LawfulBasis.DPA_PART_3: "Data Protection Act 2018, Part 3 (law enforcement)",
    LawfulBasis.UK_GDPR_6_9: "UK GDPR, Article 6(1)(e) with Article 9(2)(g)",
    LawfulBasis.COURT_ORDER: "Order of a court",
}


class Least(StrEnum):
    """Why nothing less would serve (rule 69): what was weighed before giving the paper itself."""

    VERBAL = "verbal"
    SUMMARY = "summary"
    OWNER_TELLS = "owner_tells"
    THIS_PAPER = "this_paper"


LEAST_WORDS = {
    Least.VERBAL: "Telling them by telephone would serve",
    Least.SUMMARY: "A summary would serve",
    Least.OWNER_TELLS: "The agency that owns the information can give it itself",
    Least.THIS_PAPER: "Only this paper serves",
}


@dataclass(frozen=True)
class Disclosure:
    """A request to pass one paper to one named person of another agency, and its outcome.

    Purpose, reasons and reply are sealed texts. `number` is the written authority's, given on
    approval only; `days` is how long the receiver may read once they can open.
    """

    id: DisclosureId
    area_id: AreaId
    slot_id: SlotId
    version_id: VersionId
    asked_by: PersonId
    asked_agency_id: AgencyId
    receiver_id: PersonId
    state: DisclosureState
    asked_at: datetime
    decided_by: PersonId | None
    decided_at: datetime | None
    basis: LawfulBasis | None
    least: Least | None
    number: str | None
    days: int | None
    sending_id: SendingId | None
    decision_version_id: VersionId | None


class ShortReason(ValueError):
    """A reason too short to be one; `.field` names it."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


@dataclass(frozen=True)
class Weighing:
    """What the coordinator writes. Every text is required, on approval and on refusal alike."""

    necessity: str
    proportionality: str
    risks: str

    def check(self) -> None:
        for field in ("necessity", "proportionality", "risks"):
            if len(getattr(self, field).strip()) < SHORTEST_REASON:
                raise ShortReason(field)
