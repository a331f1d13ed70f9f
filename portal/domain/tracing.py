"""Asking in the browser whose copy something is that turned up where it should not be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from portal.domain.facts import OfTrace
from portal.domain.ids import AreaId, PersonId, TraceId

CONFIRM_WITHIN = timedelta(hours=1)
"""How long a second person has to confirm."""

SHORTEST_REASON, LONGEST_REASON = 20, 2000
LONGEST_WRITTEN = 200


@dataclass(frozen=True)
class Answer:
    """What a second person confirmed, and the lines (from 0) of the openings that were told."""

    confirmed_by: PersonId
    confirmed_at: datetime
    copies: tuple[str, ...]
    positions: tuple[int, ...]


@dataclass(frozen=True)
class Trace:
    """One question, as the record has it: who asked, when (UTC), and what became of it.

    `reason` and `references` are digests of sealed texts; `file` is the SHA-256 of the file that
    was read for it, empty where a reference was typed.
    """

    id: TraceId
    area_id: AreaId
    asked_by: PersonId
    asked_at: datetime
    reason: str
    references: str
    file: str
    answer: Answer | None

    @property
    def confirm_before(self) -> datetime:
        return self.asked_at + CONFIRM_WITHIN

    @property
    def facts(self) -> OfTrace:
        return OfTrace(self.area_id, self.asked_by, self.confirm_before, self.answer is not None)

    def is_told(self, person_id: PersonId) -> bool:
        """Whether this is one of the two whom the answer names the reader to."""
        return self.answer is not None and person_id in (self.asked_by, self.answer.confirmed_by)
