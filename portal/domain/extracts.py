"""Extracts: a paper cut down for somebody, and the rule that nobody gets both (rules 37, 41)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from portal.domain.ids import AreaId, CaseId, DocumentId, PersonId, VersionId
from portal.domain.papers import Kind

CUT = frozenset({Kind.REPORT, Kind.MINUTES, Kind.EXTRACT})
"""What an extract may be made of."""

LONGEST_PHRASE = 200
MOST_MARKS = 2000


@dataclass(frozen=True)
class Extract:
    """One extract: what it was made of, and whether a coordinator has looked through it.

    `origin_id` is the document at the beginning, however many extracts of extracts lie between;
    `marks` is how many places were taken out. Which ones, and which words, nothing in the clear
    tells.
    """

    version_id: VersionId
    area_id: AreaId
    case_id: CaseId
    source_id: VersionId
    origin_id: DocumentId
    made_by: PersonId
    made_at: datetime
    pages: int
    marks: int
    checked_by: PersonId | None
    checked_at: datetime | None


class BothWays(Exception):
    """One person would get a paper both cut down and otherwise in one sending (rule 37)."""

    def __init__(self, person_id: PersonId) -> None:
        super().__init__(person_id)
        self.person_id = person_id


@dataclass(frozen=True)
class Given:
    """One paper for one person: the version, and the document it comes from at the beginning."""

    person_id: PersonId
    version_id: VersionId
    origin_id: DocumentId


def require_one_way(given: Iterable[Given]) -> None:
    """Raise BothWays where one person would get two forms of one paper, in whatever parts of a
    sending: the whole and an extract, or two extracts, which laid together tell more (rule 37)."""
    ways: dict[tuple[PersonId, DocumentId], VersionId] = {}
    for each in given:
        first = ways.setdefault((each.person_id, each.origin_id), each.version_id)
        if first != each.version_id:
            raise BothWays(each.person_id)
