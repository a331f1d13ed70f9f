"""Onward disclosure: nothing leaves without a coordinator's written authority (rules 54, 60)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from portal.domain.ids import AgencyId, AreaId, DisclosureId, PersonId, SendingId, SlotId, VersionId
from portal.domain.people import Account, Person, Role

SHORTEST_REASON = 20
"""Characters below which a reason is refused: necessity and proportionality each need their own
text, and "n/a" is none (rule 68)."""

LONGEST_TEXT = 4000

LONGEST_DAYS = 84
"""The longest a receiver may read; whoever needs longer asks again (rule 74)."""

CONDITIONS = (
    "It must not be copied.",
    "It must not be passed on to anybody, inside or outside the reader's agency.",
    "It may be read in the portal until the time is over, and by the named reader only.",
    "When the time is over, the need for it is reviewed. More time takes a new request.",
)
"""On what terms every paper is disclosed (rules 54, 74)."""


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
    """The least that serves (rule 69). Only where nothing less does is the paper itself given."""

    VERBAL = "verbal"
    SUMMARY = "summary"
    OWNER_TELLS = "owner_tells"
    EXTRACT = "extract"
    THIS_PAPER = "this_paper"


LEAST_WORDS = {
    Least.VERBAL: "Telling them by telephone would serve",
    Least.SUMMARY: "The executive summary serves: it is given instead of the paper",
    Least.OWNER_TELLS: "The agency that owns the information can give it itself",
    Least.EXTRACT: "An extract of this paper serves: it is given instead of the paper",
    Least.THIS_PAPER: "Only this paper serves",
}


class ChairsView(StrEnum):
    """What the chair of the meeting says of a disclosure (rule 61)."""

    AGREES = "agrees"
    DISAGREES = "disagrees"
    NOT_REACHED = "not_reached"
    NOT_ASKED = "not_asked"


CHAIRS_VIEW_WORDS = {
    ChairsView.AGREES: "The chair agrees",
    ChairsView.DISAGREES: "The chair disagrees",
    ChairsView.NOT_REACHED: "The chair could not be reached",
    ChairsView.NOT_ASKED: "Not asked: the statement leaves the decision to the co-ordinator",
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


class NoReceiver(StrEnum):
    """Why a paper can't be passed on to somebody."""

    OWN_AGENCY = "own_agency"
    LEFT = "left"
    NO_PAPERS = "no_papers"


NO_RECEIVER_WORDS = {
    NoReceiver.OWN_AGENCY: (
        "For a colleague of your own agency ask the unit for a duty to consider."
    ),
    NoReceiver.LEFT: "This person has left their agency.",
    NoReceiver.NO_PAPERS: "This person's role has no case papers.",
}

_NO_PAPERS = frozenset({Role.LAY_ADVISER, Role.AUDITOR, Role.OPERATOR})


def no_receiver(person: Person, asking_agency: AgencyId) -> NoReceiver | None:
    """None when a paper may be asked for on behalf of `person`, else why not.

    Only people of another agency, invited or enrolled, are there to be chosen: the individual and
    victims have no account (rule 3), and lay advisers have no case papers (rule 15).
    """
    if person.account is Account.LEFT:
        return NoReceiver.LEFT
    if person.agency_id == asking_agency:
        return NoReceiver.OWN_AGENCY
    return NoReceiver.NO_PAPERS if person.roles & _NO_PAPERS else None


def authority_number(year: int, nth: int) -> str:
    """The number of an area's `nth` written authority of a year, from 1: DA/2026/001."""
    return f"DA/{year}/{nth:03}"


def waiting_days(asked_on: date, today: date) -> int:
    """For how many days a request has waited: 0 on the day it came."""
    return max(0, (today - asked_on).days)
