"""Which extracts may be chosen for somebody in the place of a paper (MAPPA rules 36, 37, 41).

Only what a coordinator has looked through is offered. The rows say so here; before anything is
sent the ledger is asked (proven_extract).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection

from portal.domain.extracts import BothWays, Extract, made_of
from portal.domain.ids import AreaId, CaseId, PersonId, VersionId
from portal.domain.packs import Instead, Item
from portal.records import extracts

Offered = Mapping[VersionId, Sequence[Extract]]
"""Of each paper, its extracts that may be sent, oldest first."""


def offered(
    db: Connection, area_id: AreaId, case_id: CaseId, versions: Sequence[VersionId]
) -> dict[VersionId, list[Extract]]:
    """The extracts of each of these papers, in one query; a paper that has none is not in it."""
    of_case = extracts.of_case(db, area_id, case_id)
    found = {version: made_of(version, of_case) for version in versions}
    return {version: made for version, made in found.items() if made}


def instead_in(
    items: Sequence[Item],
    given: Mapping[PersonId, frozenset[VersionId]],
    found: Offered,
) -> dict[PersonId, list[Instead]]:
    """Of which papers each person was chosen an extract, whole papers aside."""
    return {
        person: [
            Instead(item.tab, each.version_id, each.pages)
            for item in items
            if item.version_id not in chosen
            for each in found.get(item.version_id, ())
            if each.version_id in chosen
        ]
        for person, chosen in given.items()
    }


def require_one_form(
    given: Mapping[PersonId, frozenset[VersionId]], papers: Sequence[VersionId], found: Offered
) -> None:
    """Raise BothWays where somebody was chosen two forms of one of these papers (rule 37)."""
    for paper in papers:
        forms = {paper, *(each.version_id for each in found.get(paper, ()))}
        for person, chosen in given.items():
            if len(forms & chosen) > 1:
                raise BothWays(person)
