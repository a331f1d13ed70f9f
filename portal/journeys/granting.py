"""Grants and wraps are one thing: whoever is granted has a wrap, and nobody else does.

Proposed = granted + waiting; granted = those with a wrap, the unit aside. `assert_exact` stands
before every commit that touches either, and a nightly check repeats it over everything.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection

from portal.domain.grants import Grant, GrantState
from portal.domain.ids import AreaId, VersionId
from portal.domain.papers import UNIT_READER
from portal.records import papers, sendings


class NotExact(Exception):
    """Grants and wraps disagree: a defect, so nothing is committed."""


def assert_exact(db: Connection, area_id: AreaId, versions: Iterable[VersionId]) -> None:
    """Raise NotExact unless, for each payload, the people granted are the people with a wrap."""
    granted: dict[VersionId, set[str]] = {version: set() for version in versions}
    for grant in sendings.grants_in(db, area_id, GrantState.GRANTED):
        if grant.version_id in granted:
            granted[grant.version_id].add(grant.person_id)
    for version_id, people in granted.items():
        wrapped = papers.readers_of(db, area_id, version_id) - {UNIT_READER}
        if wrapped != people:
            raise NotExact(version_id)


def end_grants(db: Connection, grants: Iterable[Grant]) -> int:
    """Delete the wraps of these grants; returns how many there were. Needs no key."""
    return sum(
        papers.remove_header(db, grant.area_id, grant.version_id, grant.person_id)
        for grant in grants
    )
