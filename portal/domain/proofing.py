"""Somebody lost passphrase and recovery code: they are made sure of again, and begin anew."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from portal.domain.facts import OfProofing
from portal.domain.ids import AreaId, PersonId

APPROVE_WITHIN = timedelta(hours=24)
"""How long a second coordinator has to approve."""


class How(StrEnum):
    """How it was made sure who they are: never by a number or an address they gave just now."""

    MET = "met"
    RANG = "rang"


@dataclass(frozen=True)
class Proofing:
    """One proofing, as the record has it: of whom, by whom, when (UTC), and whether they were let
    begin anew since."""

    area_id: AreaId
    person_id: PersonId
    proofed_by: PersonId
    proofed_at: datetime
    renewed: bool

    @property
    def approve_before(self) -> datetime:
        return self.proofed_at + APPROVE_WITHIN

    @property
    def facts(self) -> OfProofing:
        return OfProofing(
            self.area_id, self.person_id, self.proofed_by, self.approve_before, self.renewed
        )
