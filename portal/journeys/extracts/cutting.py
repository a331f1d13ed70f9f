"""A paper being marked for an extract: what is marked so far, sealed to whoever marks it.

Words that are to go tell what is in a paper, so they stand nowhere in the clear: the marks are
kept as the writer's own draft, and go when the extract is made, or after a day.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from portal.documents.redact import Area
from portal.documents.stamp import Stamp
from portal.domain.cases import Case
from portal.domain.clocks import in_words
from portal.domain.extracts import CUT
from portal.domain.ids import AreaId, VersionId
from portal.domain.papers import TITLES, UNIT_READER, Document, Kind, Version
from portal.journeys.house import House, Who
from portal.journeys.keep_draft import drop_draft, keep_own_draft, read_draft
from portal.journeys.keys.unit_of import open_unit_behind
from portal.journeys.opening.opened import Spoilt, open_version
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import cases, minutes, papers


class NotMarking(Exception):
    """Nobody has opened this paper to mark it, or a day has passed: the page before has the
    button."""


@dataclass(frozen=True)
class Source:
    """The paper an extract is made of, in its newest form."""

    version: Version
    document: Document
    case: Case

    @property
    def title(self) -> str:
        """Names the form, never the individual."""
        return TITLES[self.document.form_code]


@dataclass(frozen=True)
class Mark:
    """One thing to take out: its boxes on one page, and what is seen there. `words`: what it was
    found by; empty where it was marked by hand."""

    id: int
    sheet: int
    boxes: tuple[tuple[float, float, float, float], ...]
    before: str = ""
    found: str = ""
    after: str = ""
    words: str = ""

    def areas(self) -> list[Area]:
        return [Area(self.sheet, *box) for box in self.boxes]


@dataclass(frozen=True)
class Marking:
    """Everything that is marked: pages that are kept, marks, words, and where words may stay."""

    copy: str
    begun_at: datetime
    keep: tuple[int, ...]
    marks: tuple[Mark, ...] = ()
    words: tuple[str, ...] = ()
    stays: tuple[tuple[str, int], ...] = ()

    def areas(self, sheet: int | None = None) -> list[Area]:
        """What is painted over, on one page or on all."""
        return [
            area
            for mark in self.marks
            if sheet is None or mark.sheet == sheet
            for area in mark.areas()
        ]

    def with_marks(self, *marks: Mark) -> Marking:
        """With these too, numbered on; the same boxes are not marked twice."""
        known = {(mark.sheet, mark.boxes) for mark in self.marks}
        at = max((mark.id for mark in self.marks), default=0)
        new = [mark for mark in marks if (mark.sheet, mark.boxes) not in known]
        numbered = [replace(mark, id=at + n) for n, mark in enumerate(new, 1)]
        return replace(self, marks=(*self.marks, *numbered))


def source_of(db: Connection, area_id: AreaId, version_id: VersionId, action: Action) -> Source:
    """Raises Refused (not there) for what no extract is made of: another area's, another kind, an
    older version, minutes that are not approved."""
    version = papers.load_version(db, area_id, version_id)
    document = None if version is None else papers.load_document(db, area_id, version.document_id)
    if version is None or document is None or document.kind not in CUT:
        raise Refused(action, Why.NOT_THERE)
    newest = papers.latest_version(db, area_id, document.id)
    case = cases.load(db, area_id, document.case_id)
    if case is None or newest is None or newest.id != version.id:
        raise Refused(action, Why.NOT_THERE)
    if document.kind is Kind.MINUTES:
        filed = None if document.slot_id is None else minutes.load(db, area_id, document.slot_id)
        if filed is None or filed.version_id != version.id or filed.approved_at is None:
            raise Refused(action, Why.NOT_THERE)
    return Source(version, document, case)


def open_source(house: House, db: Connection, who: Who, source: Source) -> bytes:
    """The clear bytes, by the unit's key. Raises Refused, KeyAlarm, Spoilt or a StorageError."""
    unit = open_unit_behind(house, db, who, source.case.id)
    rows = papers.manifests_of(db, source.version.area_id, source.version.id)
    if not rows:
        raise Spoilt("manifest")
    return open_version(
        house,
        db,
        source.version,
        rows[0],
        UNIT_READER,
        unit.public.fingerprint,
        unit.key.openers(),
    )


def stamp_of(who: Who, source: Source, marking: Marking) -> Stamp:
    """What stands on every page of a paper that is opened to be marked."""
    return Stamp(
        name=who.actor.name,
        agency=who.actor.agency,
        copy_line=f"Opened to make an extract, {source.case.reference}",
        time_line=f"Opened {in_words(marking.begun_at)}",
        reference=marking.copy,
    )


def marking_of(house: House, who: Who, version_id: VersionId) -> Marking:
    """What this person has marked so far. Raises NotMarking."""
    kept = read_draft(house, who, _form(version_id))
    if kept is None:
        raise NotMarking
    told = json.loads(kept)
    return Marking(
        copy=str(told["copy"]),
        begun_at=datetime.fromisoformat(told["begun_at"]),
        keep=tuple(told["keep"]),
        marks=tuple(
            Mark(**{**mark, "boxes": tuple((x, y, w, h) for x, y, w, h in mark["boxes"])})
            for mark in told["marks"]
        ),
        words=tuple(told["words"]),
        stays=tuple((str(word), int(sheet)) for word, sheet in told["stays"]),
    )


def keep_marking(house: House, who: Who, version_id: VersionId, marking: Marking) -> None:
    """Keep it, sealed to this person's own key."""
    told = asdict(marking) | {"begun_at": marking.begun_at.isoformat()}
    keep_own_draft(house, who, _form(version_id), json.dumps(told).encode())


def forget_marking(house: House, who: Who, version_id: VersionId) -> None:
    """The extract is made, or nobody wants it."""
    drop_draft(house, who, _form(version_id))


def _form(version_id: VersionId) -> str:
    return f"extract of {version_id}"
