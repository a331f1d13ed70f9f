"""Sealed texts (reasons, purposes, replies) and drafts, each an age file for those concerned."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, Connection, LargeBinary, String, Table

from portal.domain.ids import AccountId, AreaId, CaseId
from portal.records.joining import Joining
from portal.records.schema import (
    Utc,
    add,
    area_column,
    every,
    first,
    id_column,
    metadata,
    put,
    remove,
)

sealed_texts = Table(
    "sealed_texts",
    metadata,
    area_column(),
    Column("subject", String(120), primary_key=True),
    Column("field", String(40), primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("made_at", Utc, nullable=False),
    Column("unit_key", String(64), nullable=False),
    id_column("case_id", nullable=True),
)

drafts = Table(
    "drafts",
    metadata,
    area_column(),
    id_column("person_id", primary_key=True),
    Column("form", String(200), primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("made_at", Utc, nullable=False),
)


@dataclass(frozen=True)
class SealedText:
    """`subject` is the identifier of what the text is about; `field` names the text; `unit_key` is
    the fingerprint of the unit's key that it is sealed to, empty where it is to none; `case_id` is
    the restricted case whose key that is, None where it is the area's."""

    area_id: AreaId
    subject: str
    field: str
    sealed: bytes
    made_at: datetime
    unit_key: str = ""
    case_id: CaseId | None = None


@dataclass(frozen=True)
class Draft:
    """What somebody typed and could not send, sealed to them; `form` is its address."""

    area_id: AreaId
    person_id: AccountId
    form: str
    sealed: bytes
    made_at: datetime


def save(db: Connection, text: SealedText) -> None:
    remove(
        db,
        sealed_texts,
        sealed_texts.c.subject == text.subject,
        sealed_texts.c.field == text.field,
    )
    add(db, sealed_texts, text)


def load(db: Connection, area_id: AreaId, subject: str, field: str) -> bytes | None:
    found = first(
        db,
        sealed_texts,
        SealedText,
        sealed_texts.c.area_id == area_id,
        sealed_texts.c.subject == subject,
        sealed_texts.c.field == field,
    )
    return None if found is None else found.sealed


def of_subjects(db: Connection, area_id: AreaId, subjects: Iterable[str]) -> list[SealedText]:
    return every(
        db,
        sealed_texts,
        SealedText,
        sealed_texts.c.area_id == area_id,
        sealed_texts.c.subject.in_(sorted(subjects)),
    )


def save_draft(db: Connection, draft: Draft) -> None:
    put(db, drafts, draft)


def draft_of(db: Connection, person_id: AccountId, form: str) -> Draft | None:
    return first(db, drafts, Draft, drafts.c.person_id == person_id, drafts.c.form == form)


def drop_draft(db: Connection, person_id: AccountId, form: str) -> int:
    return remove(db, drafts, drafts.c.person_id == person_id, drafts.c.form == form)


def sweep_drafts(db: Connection, before: datetime, kept: Joining) -> int:
    """All that are older, but of those whose joining is under way."""
    return remove(db, drafts, drafts.c.made_at < before, drafts.c.person_id.not_in(kept))
