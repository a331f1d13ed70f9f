"""The nightly check of everything: whoever is granted has a wrap, and nobody else does.

Each deed asserts it before it commits; this finds what changed the database beside the deeds.
"""

from __future__ import annotations

from portal.domain.grants import GrantState
from portal.domain.ids import AreaId, PersonId, VersionId
from portal.domain.papers import UNIT_READER
from portal.journeys.house import House
from portal.records import database, papers, sendings


def check_exactness(house: House, area_id: AreaId) -> list[VersionId]:
    """The payloads of the area where grants and wraps disagree; none, when all is well."""
    granted: dict[VersionId, set[PersonId]] = {}
    with database.reading(house.engine) as db:
        for grant in sendings.grants_in(db, area_id, *GrantState):
            people = granted.setdefault(grant.version_id, set())
            if grant.state is GrantState.GRANTED:
                people.add(grant.person_id)
        wrapped = papers.readers_in(db, area_id)
    return sorted(
        version_id
        for version_id, people in granted.items()
        if wrapped.get(version_id, set()) - {UNIT_READER} != people
    )
