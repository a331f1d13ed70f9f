"""The pages about extracts: which papers there are to cut down, and what was made of one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from portal.domain.extracts import CUT, Extract
from portal.domain.ids import PersonId, SlotId, VersionId
from portal.domain.papers import TITLES, Document, Kind, Version
from portal.domain.people import Agency
from portal.journeys.deed import Looking, looking
from portal.journeys.extracts.cutting import Source, source_of
from portal.journeys.house import House, Who
from portal.journeys.meetings.slots import Scene, scene_of
from portal.journeys.restricted.about import about
from portal.policy.actions import Action
from portal.records import extracts, minutes, papers, people

ACTION = Action.UNIT_EXTRACT_MARK


@dataclass(frozen=True)
class PaperRow:
    """A paper that may be cut down, and how many extracts there are of it."""

    version: Version
    document: Document
    owner: Agency
    made: int

    @property
    def title(self) -> str:
        """Names the form, never the individual."""
        return TITLES[self.document.form_code]


@dataclass(frozen=True)
class PapersPage:
    """What there is to cut down of one case at one meeting, in the order it came."""

    scene: Scene
    papers: tuple[PaperRow, ...]


def papers_page(house: House, who: Who, slot_id: SlotId) -> PapersPage:
    """Reports and approved minutes; extracts are told with what they were made of."""
    area_id = who.actor.area_id
    with looking(house, who.actor, slot_id) as look:
        look.require(ACTION, about(look, slot_id))
        scene = scene_of(look, slot_id, ACTION)
        filed = minutes.load(look.db, area_id, slot_id)
        agencies = people.agencies_of(look.db, area_id)
        made = [each.source_id for each in extracts.of_case(look.db, area_id, scene.case.id)]
        documents = [
            document
            for document in papers.documents_of_slot(look.db, area_id, slot_id)
            if document.kind in CUT - {Kind.EXTRACT}
        ]
        newest = papers.latest_versions(look.db, area_id, [each.id for each in documents])
        approved = filed.version_id if filed and filed.approved_at else None
        return PapersPage(
            scene,
            tuple(
                PaperRow(
                    version,
                    document,
                    agencies[document.owner_agency_id],
                    made.count(version.id),
                )
                for document in documents
                if (version := newest.get(document.id)) is not None
                and (document.kind is Kind.REPORT or version.id == approved)
            ),
        )


@dataclass(frozen=True)
class ExtractRow:
    """One extract as a page lists it."""

    extract: Extract
    made_by: str
    checked_by: str


@dataclass(frozen=True)
class PaperPage:
    """One paper, the extracts made of it, and, where it is an extract itself, how far it is."""

    source: Source
    owner: Agency
    made: tuple[ExtractRow, ...]
    own: ExtractRow | None
    may_check: bool


def paper_page(house: House, who: Who, version_id: VersionId) -> PaperPage:
    """Raises Refused for what no extract is made of."""
    area_id = who.actor.area_id
    with looking(house, who.actor, version_id) as look:
        look.require(ACTION, about(look, version_id))
        source = source_of(look.db, area_id, version_id, ACTION)
        owner = people.agencies_of(look.db, area_id)[source.document.owner_agency_id]
        rows = extract_rows(look, extracts.of_case(look.db, area_id, source.case.id))
        own = rows.get(version_id)
        return PaperPage(
            source,
            owner,
            tuple(row for row in rows.values() if row.extract.source_id == version_id),
            own,
            own is not None
            and own.extract.checked_at is None
            and look.may(Action.DECIDE_EXTRACT_CHECK, about(look, version_id)),
        )


def extract_rows(look: Looking, found: list[Extract]) -> Mapping[VersionId, ExtractRow]:
    """By version, in the order they were made."""
    area_id = look.actor.area_id
    names = {person.id: person.name for person in people.of_area(look.db, area_id).values()}

    def name(person_id: PersonId | None) -> str:
        return "" if person_id is None else names.get(person_id, "")

    return {
        each.version_id: ExtractRow(each, name(each.made_by), name(each.checked_by))
        for each in found
    }
