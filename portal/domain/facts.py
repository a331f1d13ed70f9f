"""What the judge is told: values loaded by a journey, never rows, so a rule can't reach further."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from portal.domain.disclosures import DisclosureState
from portal.domain.grants import Grant
from portal.domain.ids import AgencyId, AreaId, PersonId
from portal.domain.papers import RequestStatus
from portal.domain.people import Role


@dataclass(frozen=True)
class InArea:
    """Something that belongs to an area and needs no further fact."""

    area_id: AreaId


@dataclass(frozen=True)
class OfCase:
    """Something that belongs to a case. `holders`: who holds it, where it is restricted; None where
    it is not, or where it is about no one case."""

    area_id: AreaId
    holders: frozenset[PersonId] | None


@dataclass(frozen=True)
class OfPerson:
    """Something done to a person: their key confirmed, their account closed."""

    area_id: AreaId
    person_id: PersonId


@dataclass(frozen=True)
class OfColleague:
    """Somebody as the single point of contact of an agency meets them, with all their roles."""

    area_id: AreaId
    agency_id: AgencyId
    person_id: PersonId
    roles: frozenset[Role]


@dataclass(frozen=True)
class OfRequest:
    """A report request, as an agency meets it. `accepts` says whether the form is one that this
    agency's service may answer (rule 20); the window closes when the meeting begins."""

    area_id: AreaId
    agency_id: AgencyId
    accepts: bool
    status: RequestStatus
    window_closes_at: datetime


@dataclass(frozen=True)
class OfInvitee:
    """A slot, as one of those invited to it meets it."""

    area_id: AreaId
    invited: frozenset[PersonId]


@dataclass(frozen=True)
class OfGrant:
    """A grant, as its reader meets it. `statement_accepted`: in its current wording (rule 27)."""

    area_id: AreaId
    grant: Grant
    statement_accepted: bool


@dataclass(frozen=True)
class OfMinutes:
    """The minutes of a slot: who chairs it, how far they are, and `holders` as of its case."""

    area_id: AreaId
    chairs: frozenset[PersonId]
    filed: bool
    approved: bool
    attendance_locked: bool
    holders: frozenset[PersonId] | None


@dataclass(frozen=True)
class OfDisclosure:
    """A request for onward disclosure, as its decider meets it; `holders` as of its case."""

    area_id: AreaId
    asked_by: PersonId
    receiver_id: PersonId
    state: DisclosureState
    holders: frozenset[PersonId] | None


@dataclass(frozen=True)
class OfProofing:
    """Somebody who lost all they sign in with, as whoever may let them begin anew meets them."""

    area_id: AreaId
    person_id: PersonId
    proofed_by: PersonId
    approve_before: datetime
    renewed: bool


@dataclass(frozen=True)
class OfTrace:
    """A question whose copy something is, as whoever may confirm it meets it."""

    area_id: AreaId
    asked_by: PersonId
    confirm_before: datetime
    answered: bool


Facts = (
    InArea
    | OfCase
    | OfPerson
    | OfProofing
    | OfColleague
    | OfRequest
    | OfInvitee
    | OfGrant
    | OfMinutes
    | OfDisclosure
    | OfTrace
)
