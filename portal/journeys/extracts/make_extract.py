"""The unit makes an extract: a document of its own, with its own key (MAPPA rules 36, 37, 41).

Nothing is made while a word that was taken out is still in it anywhere: then the places are told,
to be marked too, or to stay because somebody says so. The line tells of what it was made and how
many places went, never a word of what stood there.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from portal.chance import new_id
from portal.documents.redact import Extract as Cut
from portal.documents.redact import Tested, extract
from portal.domain.deeds import Deed, line
from portal.domain.extracts import Extract
from portal.domain.ids import DocumentId, VersionId
from portal.domain.papers import Document, Kind
from portal.journeys.changed import Changed
from portal.journeys.deed import Doing, doing, looking
from portal.journeys.digests import keep_text, salted
from portal.journeys.extracts.cutting import (
    Marking,
    Source,
    forget_marking,
    marking_of,
    open_source,
    source_of,
)
from portal.journeys.extracts.proven_extract import REMOVED, origin_of
from portal.journeys.giving.sealing import Prepared, keep, prepare
from portal.journeys.house import House, Who
from portal.journeys.keys.unit_of import unit_behind
from portal.journeys.reports.candidate import forget_payloads
from portal.journeys.restricted.about import about
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.records import extracts

ACTION = Action.UNIT_EXTRACT_MAKE


@dataclass(frozen=True)
class Made:
    """The extract, or why there is none yet."""

    version_id: VersionId | None
    tested: Tested


def make_extract(house: House, who: Who, version_id: VersionId) -> Made:
    """Make what this person has marked.

    Raises NotMarking, Changed, Refused, RefusedPaper, KeyAlarm, Spoilt, RoomFull or StorageError.
    """
    area_id = who.actor.area_id
    with looking(house, who.actor, version_id) as look:
        look.require(ACTION, about(look, version_id))
        source = source_of(look.db, area_id, version_id, ACTION)
        unit = unit_behind(house, look.db, area_id, version_id)
    marking = marking_of(house, who, version_id)
    with house.examining_room.seat(who.actor.person_id):
        with looking(house, who.actor, version_id) as look:
            clear = open_source(house, look.db, who, source)
        cut = extract(clear, marking.keep, marking.areas(), marking.words, marking.stays)
        del clear
        if not cut.tested.passed:
            return Made(None, cut.tested)
        document = Document(
            id=DocumentId(new_id()),
            area_id=area_id,
            case_id=source.case.id,
            slot_id=source.document.slot_id,
            kind=Kind.EXTRACT,
            form_code=source.document.form_code,
            owner_agency_id=source.document.owner_agency_id,
            author_id=who.actor.person_id,
            created_at=house.clock.now(),
        )
        prepared = prepare(
            house,
            who,
            document,
            cut.pdf_clear,
            pages=cut.pages,
            readers=[],
            unit=unit,
            policy="extract",
        )
    try:
        with doing(house, who.actor, ACTION, version_id) as deed:
            deed.require(about(deed, version_id))
            if source_of(deed.db, area_id, version_id, ACTION) != source:
                raise Changed
            if unit_behind(house, deed.db, area_id, version_id) != unit:
                raise Changed
            _write(deed, source, marking, cut, prepared)
    except (Refused, Changed):
        forget_payloads(house, [prepared.version.payload_sha256])
        raise
    forget_marking(house, who, version_id)
    return Made(prepared.version.id, cut.tested)


def _write(deed: Doing, source: Source, marking: Marking, cut: Cut, prepared: Prepared) -> None:
    origin = origin_of(deed.house, deed.db, deed.area_id, source.version, source.document)
    told = {"words": cut.words, "light": cut.light, "stays": _stays(marking)}
    removed = salted(json.dumps(told))
    marks = sum(1 for mark in marking.marks if mark.sheet in marking.keep)
    position = deed.note(
        line(
            Deed.EXTRACT_MADE,
            extract=prepared.document.id,
            version=prepared.version.id,
            source=source.version.id,
            origin=origin,
            source_payload=source.version.payload_sha256,
            payload=prepared.version.payload_sha256,
            manifest=prepared.manifest.sha256,
            pages=cut.pages,
            marks=marks,
            removed=removed.digest,
        )
    )
    keep(deed, prepared, position)
    unit = unit_behind(deed.house, deed.db, deed.area_id, source.case.id)
    keep_text(deed, prepared.version.id, REMOVED, removed, [unit.recipient])
    extracts.save(
        deed.db,
        Extract(
            version_id=prepared.version.id,
            area_id=deed.area_id,
            case_id=source.case.id,
            source_id=source.version.id,
            origin_id=origin,
            made_by=deed.actor.person_id,
            made_at=deed.now,
            pages=cut.pages,
            marks=marks,
            checked_by=None,
            checked_at=None,
        ),
    )


def _stays(marking: Marking) -> list[list[object]]:
    """Where words may be seen, by the pages of the extract."""
    places = {page: at for at, page in enumerate(marking.keep, 1)}
    return [[word, places[page]] for word, page in marking.stays if page in places]
