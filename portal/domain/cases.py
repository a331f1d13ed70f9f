"""A case: one individual managed in this area, over years and many meetings.

The individual's name and date of birth are not here: they live sealed, as a paper of the case
(`particulars_version`), because only those invited may know them (rule 2).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime

from portal.domain.ids import AgencyId, AreaId, CaseId, VersionId

CATEGORIES = (1, 2, 3, 4)
TERRORISM = 4
"""A category of which every case is restricted."""
LEVELS = (2, 3)
"""Level 1 has no formal meeting, so no case here."""


@dataclass(frozen=True)
class Case:
    """The clear columns of a case: enough to plan by, nothing that names a person."""

    id: CaseId
    area_id: AreaId
    reference: str
    lead_agency_id: AgencyId
    category: int
    level: int
    is_child: bool
    particulars_version: VersionId
    opened_at: datetime


@dataclass(frozen=True)
class Particulars:
    """Who the individual is. Exists in memory only; sealed as JSON bytes."""

    name: str
    born: date

    def encode(self) -> bytes:
        return json.dumps({"name": self.name, "born": self.born.isoformat()}).encode()

    @classmethod
    def decode(cls, clear: bytes) -> Particulars:
        """Raises ValueError when the bytes are not what `encode` made."""
        value = json.loads(clear)
        return cls(str(value["name"]), date.fromisoformat(value["born"]))


def is_child(born: date, today: date) -> bool:
    """Under 18 on `today`. A birthday on 29 February is reached on 1 March."""
    years = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    return years < 18
