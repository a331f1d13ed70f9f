"""Sessions, and the single-use links by which people join.

A session row holds the keyring sealed under a key that only the browser's cookie completes. A
row that has ended stays for a day without its keyring, so that a form posted too late can still
be sealed to its writer.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Connection,
    LargeBinary,
    String,
    Table,
    func,
    select,
)

from portal.domain.ids import AccountId, AreaId, PersonId
from portal.records.schema import (
    Closed,
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


class Stage(StrEnum):
    """How far a sign-in has come. Only SIGNED_IN reaches anything."""

    PASSPHRASE = "passphrase"
    JOINING = "joining"
    RECOVERING = "recovering"
    SIGNED_IN = "signed_in"
    ENDED = "ended"


class Terms(StrEnum):
    """On what terms somebody is signed in. SHARED: others use the computer. VOUCHED: without their
    second factor, because somebody vouched for them, and in the area of whoever did alone. All but
    OWN only read; those that are not shared lock when they are not used, and open again."""

    OWN = "own"
    SHARED = "shared"
    VOUCHED = "vouched"
    VOUCHED_SHARED = "vouched_shared"

    @property
    def is_shared(self) -> bool:
        return self in (Terms.SHARED, Terms.VOUCHED_SHARED)

    @property
    def is_vouched(self) -> bool:
        return self in (Terms.VOUCHED, Terms.VOUCHED_SHARED)

    @property
    def locks(self) -> bool:
        """Whether the passphrase opens it again; the others end when they are not used."""
        return not self.is_shared


_LOCKING = tuple(terms for terms in Terms if terms.locks)


sessions = Table(
    "sessions",
    metadata,
    Column("id", LargeBinary, primary_key=True),
    area_column(),
    id_column("person_id", index=True),
    Column("stage", Closed(Stage), nullable=False),
    Column("terms", Closed(Terms), nullable=False),
    Column("keyring", LargeBinary),
    Column("bound", String(120), nullable=False),
    Column("mark", LargeBinary, nullable=False),
    Column("factor_at", Utc),
    Column("names_read", Boolean, nullable=False),
    Column("started_at", Utc, nullable=False),
    Column("seen_at", Utc, nullable=False),
    Column("ends_at", Utc, nullable=False),
    Column("sign_on", LargeBinary, index=True),
)

joining_links = Table(
    "joining_links",
    metadata,
    Column("token_hash", LargeBinary, primary_key=True),
    area_column(),
    id_column("person_id", index=True),
    Column("expires_at", Utc, nullable=False),
    Column("used_at", Utc),
    id_column("made_by"),
)


@dataclass(frozen=True)
class Session:
    """`bound` is what the wrapped keyring is bound to (stage, terms, factor and end), and
    `mark` what proves it while there is no keyring; times are UTC.

    A signed-in session without its keyring is locked: the passphrase opens it again. `sign_on` is a
    keyed hash of the session at an agency's provider by which it began; it can only end it.
    """

    id: bytes
    area_id: AreaId
    person_id: AccountId
    stage: Stage
    terms: Terms
    keyring: bytes | None
    bound: str
    mark: bytes
    factor_at: datetime | None
    names_read: bool
    started_at: datetime
    seen_at: datetime
    ends_at: datetime
    sign_on: bytes | None = None


@dataclass(frozen=True)
class JoiningLink:
    token_hash: bytes
    area_id: AreaId
    person_id: PersonId
    expires_at: datetime
    used_at: datetime | None
    made_by: PersonId


def save(db: Connection, session: Session) -> None:
    add(db, sessions, session)


def load(db: Connection, session_id: bytes) -> Session | None:
    return first(db, sessions, Session, sessions.c.id == session_id)


def touch(db: Connection, session_id: bytes, at: datetime) -> None:
    change(db, sessions, sessions.c.id == session_id, seen_at=at)


def note_names_read(db: Connection, session_id: bytes) -> bool:
    """True the first time in this session."""
    return (
        change(
            db,
            sessions,
            sessions.c.id == session_id,
            sessions.c.names_read.is_(False),
            names_read=True,
        )
        == 1
    )


def lock(db: Connection, session_id: bytes) -> None:
    """The keyring goes at once; the passphrase brings it back into a new row."""
    change(db, sessions, sessions.c.id == session_id, keyring=None)


def end(db: Connection, session_id: bytes) -> None:
    """The keyring goes at once; the row stays as a stub."""
    change(db, sessions, sessions.c.id == session_id, stage=Stage.ENDED, keyring=None)


def begun_before(db: Connection, at: datetime, now: datetime) -> int:
    """How many that live began before `at`, in all areas."""
    found = select(func.count()).where(
        sessions.c.stage != Stage.ENDED, sessions.c.started_at < at, sessions.c.ends_at > now
    )
    return int(db.scalar(found) or 0)


def end_all(db: Connection, person_id: AccountId, but: bytes | None = None) -> int:
    where = [sessions.c.person_id == person_id, sessions.c.stage != Stage.ENDED]
    if but is not None:
        where.append(sessions.c.id != but)
    return change(db, sessions, *where, stage=Stage.ENDED, keyring=None)


def end_every(db: Connection, area_id: AreaId) -> int:
    """Everybody's sessions of the area end, as after a restore; returns how many there were."""
    return remove(db, sessions, sessions.c.area_id == area_id)


def of_person(db: Connection, person_id: AccountId) -> list[Session]:
    return every(
        db, sessions, Session, sessions.c.person_id == person_id, order=[sessions.c.started_at]
    )


def of_sign_on(db: Connection, sign_on: bytes) -> list[Session]:
    """The living sessions that began by this session at a provider."""
    return every(
        db, sessions, Session, sessions.c.sign_on == sign_on, sessions.c.stage != Stage.ENDED
    )


def sweep(
    db: Connection,
    now: datetime,
    idle_before: datetime,
    shared_idle_before: datetime,
    stubs_before: datetime,
) -> int:
    """What the time has locked or ended is so, and stubs that nobody can need go. Where others use
    the computer, not having been used since `shared_idle_before` is enough. Returns how many
    ended."""
    shared = sessions.c.terms.in_([terms for terms in Terms if terms.is_shared])
    ended = _time_is_up(db, now, shared_idle_before, shared)
    ended += _time_is_up(db, now, idle_before)
    remove(db, sessions, sessions.c.stage == Stage.ENDED, sessions.c.seen_at <= stubs_before)
    return ended


def time_is_up(db: Connection, session_id: bytes, now: datetime, idle_before: datetime) -> None:
    """The same of one session, once it was found so: it stays so, also when a clock goes back."""
    _time_is_up(db, now, idle_before, sessions.c.id == session_id)


def _time_is_up(
    db: Connection, now: datetime, idle_before: datetime, *of: ColumnElement[bool]
) -> int:
    """Lock the sessions that lock and were not used since `idle_before`, end all others of them
    and what is over."""
    own = (sessions.c.stage == Stage.SIGNED_IN) & sessions.c.terms.in_(_LOCKING)
    idle = sessions.c.seen_at <= idle_before
    ended = change(
        db,
        sessions,
        sessions.c.stage != Stage.ENDED,
        (sessions.c.ends_at <= now) | (idle & ~own),
        *of,
        stage=Stage.ENDED,
        keyring=None,
    )
    change(db, sessions, own, idle, sessions.c.keyring.is_not(None), *of, keyring=None)
    return ended


def save_link(db: Connection, link: JoiningLink) -> None:
    """One living link a person: an older one stops working."""
    remove(db, joining_links, joining_links.c.person_id == link.person_id)
    add(db, joining_links, link)


def link_by(db: Connection, token_hash: bytes) -> JoiningLink | None:
    return first(db, joining_links, JoiningLink, joining_links.c.token_hash == token_hash)


def link_of(db: Connection, person_id: PersonId) -> JoiningLink | None:
    """Theirs; of several, which somebody must have written, one that is not used."""
    found = every(
        db,
        joining_links,
        JoiningLink,
        joining_links.c.person_id == person_id,
        order=[
            joining_links.c.used_at.is_(None),
            joining_links.c.expires_at,
            joining_links.c.token_hash,
        ],
    )
    return found[-1] if found else None


def spend_link(db: Connection, token_hash: bytes, at: datetime) -> bool:
    """False when it was spent already."""
    return (
        change(
            db,
            joining_links,
            joining_links.c.token_hash == token_hash,
            joining_links.c.used_at.is_(None),
            used_at=at,
        )
        == 1
    )


def spend_links(db: Connection, person_id: PersonId, at: datetime) -> None:
    """Every link of theirs is used up."""
    change(
        db,
        joining_links,
        joining_links.c.person_id == person_id,
        joining_links.c.used_at.is_(None),
        used_at=at,
    )
