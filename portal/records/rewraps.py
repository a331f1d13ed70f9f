"""What is still sealed to a key that somebody, or the unit, had before.

The fingerprint beside each wrap says what is left to do and no more: it is never asked who may open
anything. `case_id` is the restricted case whose own key it is about; None for the area's.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, Connection, and_, func, select

from portal.domain.ids import AreaId, CaseId, PersonId, VersionId
from portal.domain.papers import UNIT_READER, Header
from portal.records.papers import documents, headers, versions
from portal.records.restrictions import restricted_cases
from portal.records.schema import change, every
from portal.records.texts import SealedText, sealed_texts


def count_headers(
    db: Connection,
    area_id: AreaId,
    reader_id: PersonId,
    fingerprint: str,
    case_id: CaseId | None = None,
) -> int:
    """How many wraps of this reader are for another key than the one with this fingerprint."""
    query = select(func.count()).where(_headers_left(area_id, reader_id, fingerprint, case_id))
    return int(db.execute(query).scalar_one())


def count_texts(
    db: Connection, area_id: AreaId, fingerprint: str, case_id: CaseId | None = None
) -> int:
    """How many texts are sealed to another key of the unit than the one with this fingerprint."""
    query = select(func.count()).where(_texts_left(area_id, fingerprint, case_id))
    return int(db.execute(query).scalar_one())


def next_headers(
    db: Connection,
    area_id: AreaId,
    reader_id: PersonId,
    fingerprint: str,
    behind: VersionId | None,
    most: int,
    case_id: CaseId | None = None,
) -> list[Header]:
    """The next of them behind that one, in the order of their payloads' identifiers."""
    where = [_headers_left(area_id, reader_id, fingerprint, case_id)]
    if behind is not None:
        where.append(headers.c.version_id > behind)
    query = select(headers.c.version_id).where(*where).order_by(headers.c.version_id).limit(most)
    return every(
        db,
        headers,
        Header,
        headers.c.area_id == area_id,
        headers.c.reader_id == reader_id,
        headers.c.version_id.in_(db.execute(query).scalars().all()),
        order=[headers.c.version_id],
    )


def next_texts(
    db: Connection,
    area_id: AreaId,
    fingerprint: str,
    behind: tuple[str, str] | None,
    most: int,
    case_id: CaseId | None = None,
) -> list[SealedText]:
    """The next of them behind that one (subject and field), in that order."""
    where = [_texts_left(area_id, fingerprint, case_id)]
    if behind is not None:
        subject, field = behind
        later = and_(sealed_texts.c.subject == subject, sealed_texts.c.field > field)
        where.append((sealed_texts.c.subject > subject) | later)
    order = [sealed_texts.c.subject, sealed_texts.c.field]
    query = select(sealed_texts).where(*where).order_by(*order).limit(most)
    return [SealedText(**found) for found in db.execute(query).mappings()]


def change_text(db: Connection, text: SealedText, sealed: bytes, fingerprint: str) -> None:
    """The same text, sealed to the unit's key with this fingerprint."""
    change(
        db,
        sealed_texts,
        sealed_texts.c.area_id == text.area_id,
        sealed_texts.c.subject == text.subject,
        sealed_texts.c.field == text.field,
        sealed=sealed,
        unit_key=fingerprint,
    )


def _headers_left(
    area_id: AreaId, reader_id: PersonId, fingerprint: str, case_id: CaseId | None
) -> ColumnElement[bool]:
    left = and_(
        headers.c.area_id == area_id,
        headers.c.reader_id == reader_id,
        headers.c.fingerprint != fingerprint,
    )
    if reader_id != UNIT_READER:
        return left
    found = select(versions.c.id).join(documents, documents.c.id == versions.c.document_id)
    if case_id is not None:
        return left & headers.c.version_id.in_(found.where(documents.c.case_id == case_id))
    restricted = found.join(restricted_cases, restricted_cases.c.case_id == documents.c.case_id)
    return left & headers.c.version_id.not_in(
        restricted.where(restricted_cases.c.area_id == area_id)
    )


def _texts_left(area_id: AreaId, fingerprint: str, case_id: CaseId | None) -> ColumnElement[bool]:
    return and_(
        sealed_texts.c.case_id.is_(None) if case_id is None else sealed_texts.c.case_id == case_id,
        sealed_texts.c.area_id == area_id,
        sealed_texts.c.unit_key != "",
        sealed_texts.c.unit_key != fingerprint,
    )
