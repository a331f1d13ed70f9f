"""What the ledger says of an extract: of what it was made, and that somebody looked through it.

A row is not believed. Somebody with the database could say that the whole paper is an extract, or
that two forms of one paper are two papers: so each is asked of the line that made it.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection

from portal.domain.deeds import Deed
from portal.domain.extracts import Extract, Given, both_ways, made_of, require_one_way
from portal.domain.ids import AreaId, DocumentId, PersonId, SlotId, VersionId
from portal.domain.packs import Instead, Item, Proposal
from portal.domain.papers import Document, Kind, Version
from portal.journeys.changed import Changed
from portal.journeys.house import House
from portal.journeys.keys.proven import proven_line_of
from portal.journeys.opening.opened import Spoilt
from portal.journeys.packs.proposing import Setting
from portal.records import extracts, papers, sendings

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
    return {
        each.version_id: checked_extract(house, db, area_id, each.version_id)
        for each in made_of(version.id, extracts.of_case(db, area_id, document.case_id))
    }


def require_checked(
    house: House,
    db: Connection,
    area_id: AreaId,
    instead: Iterable[Instead],
    items: Iterable[Item],
) -> None:
    """Each of these extracts may be sent in the place of the paper of its tab.

    Raises Changed where nobody has looked through it, Spoilt where the ledger says that it was
    made of another paper, or where it has more pages than the paper.
    """
    whole = {item.tab: item for item in items}
    for each in instead:
        item = whole[each.tab]
        found, version, _document = checked_extract(house, db, area_id, each.version_id)
        paper = papers.documents_by_version(db, area_id, [item.version_id]).get(item.version_id)
        if paper is None or found.origin_id != paper.id:
            raise Spoilt("extract")
        if not version.pages == each.pages <= item.pages:
            raise Spoilt("extract")


def require_one_way_each(
    house: House,
    db: Connection,
    area_id: AreaId,
    given: Iterable[tuple[PersonId, VersionId]],
    slot_id: SlotId,
) -> None:
    """Raise BothWays where somebody would hold two forms of one paper of this meeting, with what
    they hold of it by now (rule 37); Spoilt where the rows are not what the ledger says."""
    require_one_way(_forms(house, db, area_id, _with_held(db, area_id, given, slot_id)))


def given_by(proposal: Proposal) -> list[tuple[PersonId, VersionId]]:
    """Who would get which paper, or which extract, by the pack and its annexes."""
    whole = {item.tab: item.version_id for item in proposal.items}
    given: list[tuple[PersonId, VersionId]] = []
    for reader in proposal.readers:
        cut = {each.tab: each.version_id for each in reader.instead}
        given += [(reader.person_id, cut.get(tab, whole[tab])) for tab in reader.tabs]
    for annex in proposal.annexes:
        given += [(reader.person_id, annex.item.version_id) for reader in annex.readers]
    return given


def require_sendable(
    house: House, db: Connection, area_id: AreaId, proposal: Proposal, slot_id: SlotId
) -> None:
    """What `require_checked` and `require_one_way_each` require, of a proposal: asked before a code
    is spent on it, and again by whatever writes the sending."""
    require_checked(house, db, area_id, proposal.extracts, proposal.items)
    require_one_way_each(house, db, area_id, given_by(proposal), slot_id)


def named_both_ways(
    house: House, db: Connection, at: Setting, proposal: Proposal
) -> tuple[str, ...]:
    """The names of those for whose sake this cannot be sent (rule 37). Raises Spoilt."""
    given = _with_held(db, at.area.id, given_by(proposal), at.slot.id)
    found = both_ways(_forms(house, db, at.area.id, given))
    return tuple(sorted(at.people[person].name for person in found))


def _with_held(
    db: Connection, area_id: AreaId, given: Iterable[tuple[PersonId, VersionId]], slot_id: SlotId
) -> list[tuple[PersonId, VersionId]]:
    given = list(given)
    return [*given, *sendings.held_of(db, area_id, slot_id, {person for person, _ in given})]


def _forms(
    house: House, db: Connection, area_id: AreaId, given: list[tuple[PersonId, VersionId]]
) -> list[Given]:
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
    return [
        Given(person, version, origins[version], documents[version].kind is Kind.EXTRACT)
        for person, version in given
    ]


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
