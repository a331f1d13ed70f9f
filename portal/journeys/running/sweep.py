"""What is over goes: ended sessions, drafts, old candidates, counters, browsers and payloads.

Nothing here gives anybody anything, so it leaves no line; all of it can be done twice. It waits
while the clock is in doubt, and while a record is behind what was seen of it: in a database that
was put back, a payload may have no name because its row is the newer one.

A payload that no row names may belong to a sending that has put it and not yet committed. The
store tells no times, so an orphan is noted when a sweep first sees it, and removed by a sweep at
least an hour later that still finds it unnamed, under the lock that a commit would need.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, runtime_checkable

from sqlalchemy import Connection

from portal.identity import known_device, throttle
from portal.identity.throttle_keys import Kind
from portal.journeys.deed import believe, tending
from portal.journeys.house import House
from portal.journeys.reports.candidate import KEPT as CANDIDATES_KEPT
from portal.journeys.reports.candidate import forget_payloads
from portal.journeys.signing_in.recall import IDLE, SHARED_IDLE
from portal.records import (
    areas,
    candidates,
    cards,
    database,
    factors,
    generators,
    orphans,
    papers,
    passkeys,
    providers,
    security_log,
    sessions,
    texts,
)
from portal.records.joining import accounts_joining

STUBS_KEPT = timedelta(days=1)
DRAFTS_KEPT = timedelta(hours=24)
SECURITY_LOG_KEPT = timedelta(days=90)
SIGN_ONS_KEPT = timedelta(hours=1)
ORPHANS_KEPT = timedelta(hours=1)


@dataclass(frozen=True)
class Swept:
    """How much of each went. `log_shortened` is False where a reader was in the way."""

    sessions: int
    drafts: int
    candidates: int
    counters: int
    security_log: int
    orphans: int
    parts: int
    log_shortened: bool


@runtime_checkable
class LeavesParts(Protocol):
    """A store in which a put that died leaves a part behind."""

    def sweep(self, before: datetime) -> int: ...


def sweep(house: House) -> Swept:
    """Remove what is over; what went is gone.

    Raises ClockDoubted, RecordBehind or a StorageError.
    """
    now = house.clock.now()
    with database.reading(house.engine) as db:
        _believe_all(house, db)
    with tending(house) as db:
        ended = sessions.sweep(db, now, now - IDLE, now - SHARED_IDLE, now - STUBS_KEPT)
        under_way = accounts_joining(now)
        drafts = texts.sweep_drafts(db, now - DRAFTS_KEPT, under_way)
        examined = candidates.made_before(db, now - CANDIDATES_KEPT)
        for candidate in examined:
            candidates.drop(db, candidate.area_id, candidate.id)
        generators.sweep_unproved(db, now - DRAFTS_KEPT, under_way)
        cards.sweep_unproved(db, now - DRAFTS_KEPT, under_way)
        passkeys.sweep_unproved(db, now - DRAFTS_KEPT)
        passkeys.sweep_challenges(db, now - DRAFTS_KEPT)
        counters = sum(
            factors.sweep_buckets(db, kind.value, throttle.forgotten_since(kind, now))
            for kind in Kind
        )
        counters += factors.drop_surplus(db, Kind.ACCOUNT.value, throttle.MOST_ACCOUNTS)
        factors.sweep_devices(db, now - known_device.LIFETIME)
        providers.sweep_used(db, now - SIGN_ONS_KEPT)
        attempts = security_log.sweep(db, now - SECURITY_LOG_KEPT)
    forget_payloads(house, [name for candidate in examined for name in candidate.payloads])
    removed = _sweep_orphans(house, now)
    store = house.store
    parts = store.sweep(now - ORPHANS_KEPT) if isinstance(store, LeavesParts) else 0
    shortened = database.shorten_log(house.engine)
    return Swept(ended, drafts, len(examined), counters, attempts, removed, parts, shortened)


def _believe_all(house: House, db: Connection) -> None:
    for area in areas.all_areas(db):
        believe(house, db, area.id)


def _sweep_orphans(house: House, now: datetime) -> int:
    kept = set(house.store.names())
    with tending(house) as db:
        _believe_all(house, db)  # again: what is named is read here
        unnamed = kept - _named(db)
        seen = orphans.seen(db)
        ripe = {name for name in unnamed if seen.get(name, now) <= now - ORPHANS_KEPT}
        orphans.forget(db, seen.keys() - unnamed)
        orphans.keep(db, unnamed - seen.keys(), now)
        # Deleted before the commit and under the writers' lock: a name that somebody is about to
        # commit would be seen, and a crash here leaves a note of what is gone, which is forgotten.
        for name in ripe:
            house.store.delete(name)
    return len(ripe)


def _named(db: Connection) -> set[str]:
    return papers.payload_names(db) | candidates.payload_names(db)
