"""Readings in the browser: begun once, in one session, as one copy; and which pages were shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Column, Connection, Integer, LargeBinary, String, Table, select

from portal.domain.ids import AreaId, GrantId, PersonId
from portal.records.schema import (
    Closed,
    Utc,
    add,
    add_once,
    area_column,
    every,
    id_column,
    metadata,
)


class Shown(StrEnum):
    """How a page was shown: as a picture with its words, as text, or in part, as found words."""

    PAGE = "page"
    TEXT = "text"
    FOUND = "found"


readings = Table(
    "readings",
    metadata,
    id_column("id", primary_key=True),
    area_column(),
    id_column("grant_id", index=True),
    id_column("person_id"),
    Column("session_id", LargeBinary, nullable=False),
    Column("copy", String(20), nullable=False),
    Column("begun_at", Utc, nullable=False),
)

pages_read = Table(
    "pages_read",
    metadata,
    area_column(),
    id_column("reading_id", primary_key=True),
    Column("sheet", Integer, primary_key=True, autoincrement=False),
    Column("shown", Closed(Shown), primary_key=True),
    Column("first_at", Utc, nullable=False),
)


@dataclass(frozen=True)
class Reading:
    """Its id is that of its opening; `copy` is the reference that stands on every page of it."""

    id: str
    area_id: AreaId
    grant_id: GrantId
    person_id: PersonId
    session_id: bytes
    copy: str
    begun_at: datetime


@dataclass(frozen=True)
class PageRead:
    """A page (from 1, as it lies in the file) and when it was first shown so in this reading."""

    area_id: AreaId
    reading_id: str
    sheet: int
    shown: Shown
    first_at: datetime


def save(db: Connection, reading: Reading) -> None:
    add(db, readings, reading)


def newest(
    db: Connection, area_id: AreaId, grant_id: GrantId, person_id: PersonId, session_id: bytes
) -> Reading | None:
    """The reading that this person is at, in this session."""
    query = (
        select(readings)
        .where(
            readings.c.area_id == area_id,
            readings.c.grant_id == grant_id,
            readings.c.person_id == person_id,
            readings.c.session_id == session_id,
        )
        .order_by(readings.c.begun_at.desc(), readings.c.id)
        .limit(1)
    )
    found = db.execute(query).mappings().first()
    return None if found is None else Reading(**found)


def note_page(db: Connection, page: PageRead) -> None:
    """The first time counts; also when two are noted at once."""
    add_once(db, pages_read, page)


def is_noted(db: Connection, reading_id: str, sheet: int, shown: Shown) -> bool:
    query = select(pages_read.c.sheet).where(
        pages_read.c.reading_id == reading_id,
        pages_read.c.sheet == sheet,
        pages_read.c.shown == shown,
    )
    return db.execute(query).first() is not None


def pages_of(db: Connection, area_id: AreaId, reading_id: str) -> list[PageRead]:
    return every(
        db,
        pages_read,
        PageRead,
        pages_read.c.area_id == area_id,
        pages_read.c.reading_id == reading_id,
        order=[pages_read.c.sheet, pages_read.c.shown],
    )


def readings_of(db: Connection, area_id: AreaId, grant_id: GrantId) -> list[Reading]:
    return every(
        db,
        readings,
        Reading,
        readings.c.area_id == area_id,
        readings.c.grant_id == grant_id,
        order=[readings.c.begun_at],
    )
