"""Grants and wraps are one thing: whoever is granted has a wrap, and nobody else does.

Proposed = granted + waiting; granted = those with a wrap, the unit aside. `assert_exact` stands
before every commit that gives anything, and a nightly check repeats it over everything.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection

from portal.domain.grants import Grant, GrantState
from portal.domain.ids import AreaId, PersonId, VersionId
from portal.domain.papers import UNIT_READER
from portal.records import joining_words, papers, sendings

LIVING = (GrantState.GRANTED, GrantState.WAITING)
"""What there is to take back, or to give more time."""


class NotExact(Exception):
    """Grants and wraps disagree: a defect, so nothing is committed."""


def assert_exact(db: Connection, area_id: AreaId, versions: Iterable[VersionId]) -> None:
    """Raise NotExact unless, for each payload, the people granted are the people with a wrap."""
    granted: dict[VersionId, set[PersonId]] = {version: set() for version in versions}
    for grant in sendings.granted_of(db, area_id, granted):
        granted[grant.version_id].add(grant.person_id)
    for version_id, people in granted.items():
        wrapped = papers.readers_of(db, area_id, version_id) - {UNIT_READER}
        if wrapped != people:
            raise NotExact(version_id)


def end_grants(db: Connection, grants: Iterable[Grant]) -> int:
    """Delete the wraps of these grants, settled already; returns how many there were.

    A wrap stays where its person has another grant of the same payload that is still given. Needs
    no key.
    """
    ended = list(grants)
    for grant in ended:
        joining_words.remove_wrap(db, grant.area_id, grant.id)
    return sum(
        papers.remove_header(db, grant.area_id, grant.version_id, grant.person_id)
        for grant in ended
        if not _still_given(db, grant)
    )


def assert_ended(db: Connection, grants: Iterable[Grant]) -> None:
    """Raise NotExact if one of these people still has a wrap with no grant behind it.

    Weaker than `assert_exact` on purpose: a wrap that somebody slipped into the database must not
    keep the unit from taking back. The nightly check finds that one.
    """
    for grant in grants:
        left = papers.header_for(db, grant.area_id, grant.version_id, grant.person_id)
        if left is not None and not _still_given(db, grant):
            raise NotExact(grant.version_id)


def _still_given(db: Connection, grant: Grant) -> bool:
    return any(
        other.person_id == grant.person_id
        for other in sendings.granted_of(db, grant.area_id, [grant.version_id])
    )
