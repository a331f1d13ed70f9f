"""Joining words: the public halves of what seven spoken words give, and what is sealed to them.

The words themselves stand nowhere. What a row says counts only with a coordinator's signature in
the ledger. Once they are over, salt and wraps are gone; the public halves stay, because they prove
whose key was made with them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, Connection, Integer, LargeBinary, String, Table, func, select

from portal.domain.ids import AreaId, GrantId, ManifestId, PersonId, VersionId, WordsId
from portal.records.schema import (
    Utc,
    add,
    area_column,
    change,
    every,
    first,
    id_column,
    metadata,
    remove,
)

joining_words = Table(
    "joining_words",
    metadata,
    id_column("id", primary_key=True),
    area_column(),
    id_column("person_id", index=True),
    Column("recipient", LargeBinary, nullable=False),
    Column("sign_public", LargeBinary, nullable=False),
    Column("fingerprint", String(64), nullable=False),
    Column("salt", LargeBinary, nullable=False),
    Column("memory_kib", Integer, nullable=False),
    Column("iterations", Integer, nullable=False),
    Column("lanes", Integer, nullable=False),
    Column("pepper_version", Integer, nullable=False),
    Column("statement", LargeBinary, nullable=False),
    Column("signature", LargeBinary, nullable=False),
    id_column("given_by"),
    Column("ledger_position", Integer, nullable=False),
    Column("made_at", Utc, nullable=False),
    Column("ends_at", Utc, nullable=False),
    Column("over_at", Utc),
)

word_wraps = Table(
    "word_wraps",
    metadata,
    area_column(),
    id_column("words_id", primary_key=True),
    id_column("version_id", primary_key=True),
    id_column("person_id", index=True),
    id_column("grant_id", nullable=True),
    id_column("manifest_id"),
    Column("header", LargeBinary, nullable=False),
)


@dataclass(frozen=True)
class JoiningWords:
    """Who they are for, what they give, and who spoke them. `over_at`: used, replaced or ended."""

    id: WordsId
    area_id: AreaId
    person_id: PersonId
    recipient: bytes
    sign_public: bytes
    fingerprint: str
    salt: bytes
    memory_kib: int
    iterations: int
    lanes: int
    pepper_version: int
    statement: bytes
    signature: bytes
    given_by: PersonId
    ledger_position: int
    made_at: datetime
    ends_at: datetime
    over_at: datetime | None


@dataclass(frozen=True)
class WordWrap:
    """A payload's file key, sealed to the words; the manifest names them. Without a grant: the
    particulars of a case."""

    area_id: AreaId
    words_id: WordsId
    version_id: VersionId
    person_id: PersonId
    grant_id: GrantId | None
    manifest_id: ManifestId
    header: bytes


def save(db: Connection, words: JoiningWords) -> None:
    add(db, joining_words, words)


def load(db: Connection, area_id: AreaId, words_id: WordsId) -> JoiningWords | None:
    return first(
        db,
        joining_words,
        JoiningWords,
        joining_words.c.area_id == area_id,
        joining_words.c.id == words_id,
    )


def living(db: Connection, area_id: AreaId, person_id: PersonId) -> JoiningWords | None:
    """The words that this person has not used yet; they may be past their end."""
    found = every(
        db,
        joining_words,
        JoiningWords,
        joining_words.c.area_id == area_id,
        joining_words.c.person_id == person_id,
        joining_words.c.over_at.is_(None),
        order=[joining_words.c.ledger_position],
    )
    return found[-1] if found else None


def living_under(db: Connection, version: int) -> int:
    """How many that still live are derived with an earlier pepper than this, in all areas."""
    found = select(func.count()).where(
        joining_words.c.over_at.is_(None), joining_words.c.pepper_version < version
    )
    return int(db.scalar(found) or 0)


def ended(db: Connection, area_id: AreaId, now: datetime) -> list[JoiningWords]:
    """Those past their end that nobody used: what the timer clears away."""
    return every(
        db,
        joining_words,
        JoiningWords,
        joining_words.c.area_id == area_id,
        joining_words.c.over_at.is_(None),
        joining_words.c.ends_at <= now,
        order=[joining_words.c.ledger_position],
    )


def close(db: Connection, words: JoiningWords, at: datetime) -> bool:
    """They are over: without their salt nothing can be guessed at. Of two at once, one wins."""
    moved = change(
        db,
        joining_words,
        joining_words.c.area_id == words.area_id,
        joining_words.c.id == words.id,
        joining_words.c.over_at.is_(None),
        over_at=at,
        salt=b"",
    )
    remove(
        db,
        word_wraps,
        word_wraps.c.area_id == words.area_id,
        word_wraps.c.words_id == words.id,
    )
    return moved == 1


def save_wrap(db: Connection, wrap: WordWrap) -> None:
    add(db, word_wraps, wrap)


def wraps_of(db: Connection, area_id: AreaId, words_id: WordsId) -> list[WordWrap]:
    return every(
        db,
        word_wraps,
        WordWrap,
        word_wraps.c.area_id == area_id,
        word_wraps.c.words_id == words_id,
        order=[word_wraps.c.version_id],
    )


def remove_wrap(db: Connection, area_id: AreaId, grant_id: GrantId) -> int:
    """What was sealed to words for this grant, which has ended."""
    return remove(
        db, word_wraps, word_wraps.c.area_id == area_id, word_wraps.c.grant_id == grant_id
    )


def remove_wraps_of(db: Connection, area_id: AreaId, person_id: PersonId) -> int:
    """Everything that was sealed to words of this person."""
    return remove(
        db, word_wraps, word_wraps.c.area_id == area_id, word_wraps.c.person_id == person_id
    )


def remove_wrap_of(
    db: Connection, area_id: AreaId, person_id: PersonId, version_id: VersionId
) -> int:
    """What was sealed to words of this person of one payload, such as a case's particulars."""
    return remove(
        db,
        word_wraps,
        word_wraps.c.area_id == area_id,
        word_wraps.c.person_id == person_id,
        word_wraps.c.version_id == version_id,
    )
