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
    """One person would hold a paper both cut down and otherwise of one meeting (rule 37)."""

    def __init__(self, person_id: PersonId) -> None:
        super().__init__(person_id)
        self.person_id = person_id


@dataclass(frozen=True)
class Given:
    """One paper for one person: the version, the document it comes from at the beginning, and
    whether it is an extract of it."""

    person_id: PersonId
    version_id: VersionId
    origin_id: DocumentId
    cut: bool


def both_ways(given: Iterable[Given]) -> frozenset[PersonId]:
    """Those who would hold two forms of one paper, in whatever parts of a meeting's sendings: the
    whole and an extract, or two extracts, which laid together tell more (rule 37).

    A paper and its correction are two whole papers, which one person may hold.
    """
    forms: dict[tuple[PersonId, DocumentId], dict[VersionId, bool]] = {}
    for each in given:
        forms.setdefault((each.person_id, each.origin_id), {})[each.version_id] = each.cut
    return frozenset(
        person for (person, _), found in forms.items() if len(found) > 1 and any(found.values())
    )


def require_one_way(given: Iterable[Given]) -> None:
    """Raise BothWays where somebody would hold two forms of one paper (rule 37)."""
    for person_id in sorted(both_ways(given)):
        raise BothWays(person_id)


def made_of(version_id: VersionId, found: Iterable[Extract]) -> list[Extract]:
    """Those of these extracts that were made of this very version, or of an extract of it, and
    that a coordinator has looked through; in the order they come."""
    every = list(found)
    from_here = {version_id}
    while more := {each.version_id for each in every if each.source_id in from_here} - from_here:
        from_here |= more
    return [
        each
        for each in every
        if each.version_id in from_here
        and each.version_id != version_id
        and each.checked_at is not None
    ]
