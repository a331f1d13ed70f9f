"""What a reader holds in two versions: a paper, and the earlier one that it corrects (rule 57)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from portal.domain.grants import Grant, is_open
from portal.domain.ids import GrantId, SlotId, VersionId
from portal.domain.papers import Kind, Version, called
from portal.journeys.opening.held import accepted_slots
from portal.records import papers, people, sendings


@dataclass(frozen=True)
class Corrected:
    """A paper of one grant (`tab` there), and the newest of its earlier versions that another grant
    of the same reader gives them whole, both open now."""

    title: str
    tab: int
    later: Version
    earlier: Version
    earlier_tab: int
    earlier_grant: GrantId


def corrected_in(db: Connection, grant: Grant, now: datetime) -> tuple[Corrected, ...]:
    """Every such paper in what this grant gives, by tab. An extract is no version of its paper: it
    is compared with nothing."""
    area_id, person_id = grant.area_id, grant.person_id
    given = sendings.given_to(db, area_id, person_id)
    if len({grant_id for grant_id, _version, _tab in given}) < 2:
        return ()
    readable = _readable(db, grant, now, accepted_slots(db, area_id, person_id))
    versions = papers.versions_in(db, area_id, [version for _grant, version, _tab in given])
    documents = papers.documents_by_version(db, area_id, list(versions))
    agencies = people.agencies_of(db, area_id)
    found: list[Corrected] = []
    for grant_id, version_id, tab in given:
        later = versions.get(version_id)
        document = documents.get(version_id)
        if grant_id != grant.id or later is None or document is None:
            continue
        if document.kind is not Kind.REPORT:
            continue
        before = _before(given, versions, later, readable - {grant.id})
        if before is not None:
            other, earlier, place = before
            name = called(document.form_code, agencies[document.owner_agency_id].name)
            found.append(Corrected(name, tab, later, earlier, place, other))
    return tuple(found)


def _readable(
    db: Connection, grant: Grant, now: datetime, accepted: Collection[SlotId]
) -> frozenset[GrantId]:
    mine = sendings.grants_of_person(db, grant.area_id, grant.person_id)
    slots = {each.id: each.slot_id for each in sendings.sendings_in(db, grant.area_id)}
    return frozenset(
        each.id for each in mine if is_open(each, now) and slots.get(each.sending_id) in accepted
    )


def _before(
    given: Collection[tuple[GrantId, VersionId, int]],
    versions: dict[VersionId, Version],
    later: Version,
    readable: Collection[GrantId],
) -> tuple[GrantId, Version, int] | None:
    found = [
        (grant_id, version, tab)
        for grant_id, version_id, tab in given
        if grant_id in readable
        and (version := versions.get(version_id)) is not None
        and version.document_id == later.document_id
        and version.number < later.number
    ]
    return max(found, key=lambda each: (each[1].number, each[0]), default=None)
