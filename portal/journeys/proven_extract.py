"""What the ledger says of an extract: of what it was made, and that somebody looked through it.

A row is not believed. Somebody with the database could say that the whole paper is an extract, or
that two forms of one paper are two papers: so each is asked of the line that made it.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection

from portal.domain.deeds import Deed
from portal.domain.extracts import Extract, Given, require_one_way
from portal.domain.ids import AreaId, DocumentId, PersonId, VersionId
from portal.domain.papers import Document, Kind, Version
from portal.journeys.changed import Changed
from portal.journeys.directory import proven_line_of
from portal.journeys.house import House
from portal.journeys.opening import Spoilt
from portal.records import extracts, papers

REMOVED = "removed"
"""Under this name stand the words that an extract was tested for, sealed to the unit."""

NOT_CHECKED = "A coordinator has to look through this extract before it is sent."


def origin_of(
    house: House, db: Connection, area_id: AreaId, version: Version, document: Document
) -> DocumentId:
    """The document at the beginning: of an extract, the one its line names. Raises Spoilt."""
    if document.kind is not Kind.EXTRACT:
        return document.id
    told = _made(house, db, area_id, version)
    return DocumentId(str(told["origin"]))


def checked_extract(
    house: House, db: Connection, area_id: AreaId, version_id: VersionId
) -> tuple[Extract, Version, Document]:
    """An extract that may be sent. Raises Changed where nobody has looked through it, Spoilt where
    the row is not what the ledger says."""
    found = extracts.load(db, area_id, version_id)
    version = papers.load_version(db, area_id, version_id)
    document = None if version is None else papers.load_document(db, area_id, version.document_id)
    if found is None or version is None or document is None or document.kind is not Kind.EXTRACT:
        raise Changed("There is no such extract.")
    told = _made(house, db, area_id, version)
    if told["source"] != found.source_id or told["origin"] != found.origin_id:
        raise Spoilt("extract")
    if proven_line_of(house, db, area_id, Deed.EXTRACT_CHECKED, version=version_id) is None:
        raise Changed(NOT_CHECKED)
    return found, version, document


def checked_extracts_of(
    house: House, db: Connection, area_id: AreaId, version: Version, document: Document
) -> dict[VersionId, tuple[Extract, Version, Document]]:
    """Every extract of this very version, or of an extract of it, that may be sent."""
    of_case = extracts.of_case(db, area_id, document.case_id)
    from_here = {version.id}
    while more := {e.version_id for e in of_case if e.source_id in from_here} - from_here:
        from_here |= more
    return {
        each.version_id: checked_extract(house, db, area_id, each.version_id)
        for each in of_case
        if each.version_id in from_here and each.checked_at is not None
    }


def require_one_way_each(
    house: House, db: Connection, area_id: AreaId, given: Iterable[tuple[PersonId, VersionId]]
) -> None:
    """Raise BothWays where one person would get two forms of one paper (rule 37), or Spoilt."""
    given = list(given)
    documents = papers.documents_by_version(db, area_id, [version for _, version in given])
    origins: dict[VersionId, DocumentId] = {}
    for version_id, document in documents.items():
        origins[version_id] = document.id
        if document.kind is Kind.EXTRACT:
            version = papers.load_version(db, area_id, version_id)
            if version is None:
                raise Spoilt("paper")
            origins[version_id] = origin_of(house, db, area_id, version, document)
    if any(version_id not in origins for _, version_id in given):
        raise Spoilt("paper")
    require_one_way(Given(person, version, origins[version]) for person, version in given)


def _made(house: House, db: Connection, area_id: AreaId, version: Version) -> dict[str, object]:
    told = proven_line_of(
        house,
        db,
        area_id,
        Deed.EXTRACT_MADE,
        version=version.id,
        extract=version.document_id,
        payload=version.payload_sha256,
    )
    if told is None:
        raise Spoilt("extract")
    return dict(told)
