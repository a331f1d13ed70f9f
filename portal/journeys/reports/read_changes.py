"""The unit reads what a corrected version changed, page by page, before it chooses (rule 57).

Both versions are opened with the unit's key and compared in a limited child process; the line
comes first, the page is marked with whoever reads it, and nothing of it is kept.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from portal.chance import new_copy_reference
from portal.crypto.age.errors import AgeError
from portal.documents.changes import Changes, changes
from portal.documents.stamp import Stamp
from portal.domain.clocks import in_words
from portal.domain.deeds import Deed, line
from portal.domain.ids import AreaId, SlotId, VersionId
from portal.domain.papers import FORMS, UNIT_READER, Document, Kind, Version
from portal.journeys.deed import doing, looking
from portal.journeys.digests import read_text
from portal.journeys.house import House, Who
from portal.journeys.keys.proven import proven_line_of
from portal.journeys.keys.unit_of import OpenUnit, open_unit_behind
from portal.journeys.meetings.slots import Scene, scene_of
from portal.journeys.opening.opened import Spoilt, open_version
from portal.journeys.reports.correcting import FIELD
from portal.journeys.restricted.about import about
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import papers, people, texts

ACTION = Action.UNIT_REPORT_READ


@dataclass(frozen=True)
class ReadChanges:
    """Two versions of one report. `reason` is what its agency said when it handed `later` in."""

    at: Scene
    title: str
    earlier: Version
    later: Version
    reason: str
    changes: Changes
    mark: Stamp


def read_changes(
    house: House, who: Who, slot_id: SlotId, version_id: VersionId, against: VersionId | None = None
) -> ReadChanges:
    """What this version changed since `against`, else since the version before it.

    Raises Refused (also where these are no two versions of one report of this slot), RefusedPaper,
    KeyAlarm, Spoilt, RoomFull or a StorageError.
    """
    area_id = who.actor.area_id
    with looking(house, who.actor, slot_id) as look:
        look.require(ACTION, about(look, version_id))
        at = scene_of(look, slot_id, ACTION)
        document, earlier, later = _pair(look.db, area_id, slot_id, version_id, against)
        owner = people.load_agency(look.db, area_id, document.owner_agency_id)
    with house.reading_room.seat():
        with doing(house, who.actor, ACTION, slot_id) as deed:
            deed.require(about(deed, version_id))
            copy, now = new_copy_reference(), deed.now
            deed.note(line(Deed.VERSIONS_COMPARED, version=later.id, earlier=earlier.id, copy=copy))
        with looking(house, who.actor, slot_id) as look:
            unit = open_unit_behind(house, look.db, who, slot_id)
            reason = _reason(house, look.db, unit, later)
            was, is_now = (_clear(house, look.db, unit, each) for each in (earlier, later))
        found = changes(was, is_now)
        del was, is_now
    words = f"{FORMS[document.form_code]} ({'' if owner is None else owner.name})"
    mark = Stamp(
        name=who.actor.name,
        agency=who.actor.agency,
        copy_line=f"Versions {earlier.number} and {later.number}, {at.case.reference}",
        time_line=f"Opened {in_words(now)}",
        reference=copy,
    )
    return ReadChanges(at, words, earlier, later, reason, found, mark)


def _pair(
    db: Connection,
    area_id: AreaId,
    slot_id: SlotId,
    version_id: VersionId,
    against: VersionId | None,
) -> tuple[Document, Version, Version]:
    later = papers.load_version(db, area_id, version_id)
    document = None if later is None else papers.load_document(db, area_id, later.document_id)
    if later is None or document is None:
        raise Refused(ACTION, Why.NOT_THERE)
    if document.kind is not Kind.REPORT or document.slot_id != slot_id:
        raise Refused(ACTION, Why.NOT_THERE)
    before = [
        version
        for version in papers.versions_of(db, area_id, document.id)
        if version.number < later.number and against in (None, version.id)
    ]
    if not before:
        raise Refused(ACTION, Why.NOT_THERE)
    return document, before[-1], later


def _clear(house: House, db: Connection, unit: OpenUnit, version: Version) -> bytes:
    rows = papers.manifests_of(db, version.area_id, version.id)
    if not rows:
        raise Spoilt("manifest")
    reader = (UNIT_READER, unit.public.fingerprint, unit.key.openers())
    return open_version(house, db, version, rows[0], *reader)


def _reason(house: House, db: Connection, unit: OpenUnit, later: Version) -> str:
    sealed = texts.load(db, later.area_id, later.id, FIELD)
    if sealed is None:
        raise Spoilt("text")
    try:
        found = read_text(sealed, unit.key.openers())
    except (AgeError, ValueError, KeyError, TypeError):
        raise Spoilt("text") from None
    deed, wanted = Deed.REPORT_CORRECTED, {"version": later.id, "reason": found.digest}
    if proven_line_of(house, db, later.area_id, deed, **wanted) is None:
        raise Spoilt("text")
    return found.text
