"""Counting attempts in the database: charged before the slow comparison, given back on success.

The rows of one attempt are read and written in one writing transaction, so that parallel attempts
count each other. What the counters mean stands in portal/identity/throttle.py.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from portal.domain.ids import AccountId
from portal.domain.people import NOBODY, Person
from portal.identity import known_device, known_place, secret_token, throttle, throttle_keys
from portal.identity.throttle_keys import AROUND, Bucket, Kind
from portal.journeys.deed import tending
from portal.journeys.house import House
from portal.journeys.signing_in.counters import load, save
from portal.records import factors


@dataclass(frozen=True)
class Source:
    """Where an attempt comes from: the connection's address, the cookie of a known browser, and the
    words that somebody types who says that a colleague spoke them to them."""

    address: str
    device: str | None = None
    spoken: str = ""


@dataclass(frozen=True)
class Charged:
    """What one attempt was counted under. `wait` is None when it may be made; `alarming` are the
    kinds of counters it brought to the point where somebody should be told; `needs_proof` where
    waiting alone helps nobody; `own` where a browser of their own is all that judges it."""

    keys: tuple[str, ...]
    cleared: tuple[str, ...]
    wait: timedelta | None
    alarming: frozenset[Kind]
    needs_proof: bool = False
    own: bool = False


def charge(
    house: House, purpose: str, email: str, person: AccountId | None, source: Source
) -> Charged:
    """Count one attempt before it is made. One that must wait is not counted.

    `person` is whose address this is, or None: it decides only whether this browser is known.
    """
    now = house.clock.now()
    pepper = house.server_keys.pepper()
    with tending(house) as db:
        spoken = _spoken(db, pepper, purpose, email, source, now)
        # Spoken words are for whoever is kept out, be it by others in a network they are known in.
        place = spoken is None
        device = _known(db, pepper, purpose, email, person, source, now, place=place)
        keys = throttle_keys.keys_for(
            pepper, email, source.address, device, purpose=purpose, spoken=spoken
        )
        cleared = throttle_keys.cleared_keys(pepper, email, source.address, device, purpose=purpose)
        buckets = load(db, keys)
        wait = throttle.wait(buckets, now)
        if wait is not None:
            spent = throttle.needs_proof(buckets, now)
            own = device is not None and device == source.device
            return Charged(
                tuple(keys), tuple(cleared), wait, frozenset(), needs_proof=spent, own=own
            )
        counted = throttle.after_try(buckets, now)
        for bucket in counted:
            save(db, bucket, now)
    alarming = frozenset(bucket.kind for bucket in counted if throttle.is_alarming(bucket))
    return Charged(tuple(keys), tuple(cleared), None, alarming)


def forgive(house: House, purpose: str, email: str, person: AccountId, source: Source) -> None:
    """A whole sign-in: the account's own counters empty. What its attempt was counted under at the
    address and everyone gives back that very attempt (`give_windows_back`, `give_back`): where the
    code came from says nothing of where the passphrase did, or whether there was one."""
    now = house.clock.now()
    pepper = house.server_keys.pepper()
    with tending(house) as db:
        device = _known(db, pepper, purpose, email, person, source, now)
        keys = throttle_keys.keys_for(pepper, email, source.address, device, purpose=purpose)
        keys += throttle_keys.cleared_keys(pepper, email, source.address, device, purpose=purpose)
        _succeeded(db, [key for key in keys if not _is_around(key)], now)


def remember_place(house: House, person: Person, source: Source) -> None:
    """After a whole sign-in where others use the computer, and after `forgive`: from this network
    this person is judged by a counter of their own from now on, as in a known browser."""
    token = known_place.token_of(house.server_keys.pepper(), person.account_id, source.address)
    hashed, now = secret_token.hash_of(token), house.clock.now()
    with tending(house) as db:
        factors.save_device(db, factors.Device(hashed, person.area_id, person.account_id, now))


def give_back(house: House, charged: Charged) -> None:
    """The same for exactly what an attempt was counted under, whoever it turned out to be."""
    with tending(house) as db:
        keys = [*charged.keys, *charged.cleared]
        _succeeded(db, keys, house.clock.now())


def give_windows_back(house: House, charged: Charged) -> None:
    """What this attempt was counted under at the address and everyone: it guessed nothing. The
    account's own counters stay as they are until the whole sign-in."""
    with tending(house) as db:
        _succeeded(db, filter(_is_around, charged.keys), house.clock.now())


def owner_of(house: House, purpose: str, source: Source) -> AccountId | None:
    """Whose known browser this is, for an attempt that names nobody: it is judged by that browser's
    counter alone. None where no browser is known, or this one has failed too often."""
    now, pepper = house.clock.now(), house.server_keys.pepper()
    with tending(house) as db:
        row = factors.device_by(db, secret_token.hash_of(source.device or ""))
        owner = None if row is None else row.person_id
        known = owner and _known(db, pepper, purpose, owner, owner, source, now)
    return owner if known else None


def _succeeded(db: Connection, keys: Iterable[str], now: datetime) -> None:
    for bucket in load(db, list(keys)):
        save(db, throttle.after_success(bucket, now), now)


def _is_around(key: str) -> bool:
    return Bucket(key).kind in AROUND


def speak(house: House, db: Connection, purpose: str, email: str, words: str) -> None:
    """From now on these words, typed with this address, are judged by their own counter alone."""
    now = house.clock.now()
    key = throttle_keys.spoken_key(house.server_keys.pepper(), email, words, purpose)
    save(db, throttle.after_failure(Bucket(key), now), now)


def _spoken(
    db: Connection, pepper: bytes, purpose: str, email: str, source: Source, now: datetime
) -> str | None:
    """What was typed as such, if a colleague spoke it to whoever has this address."""
    if not source.spoken:
        return None
    (bucket,) = load(db, [throttle_keys.spoken_key(pepper, email, source.spoken, purpose)])
    return source.spoken if throttle.holds(bucket, now) else None


def _known(
    db: Connection,
    pepper: bytes,
    purpose: str,
    email: str,
    person: AccountId | None,
    source: Source,
    now: datetime,
    *,
    place: bool = True,
) -> str | None:
    """The cookie of a browser that this very person has signed in with, or else what stands for a
    network from which they have on a computer that others use (with `place`); and that has not
    failed so often that it is forgotten."""
    # An address that nobody has is looked for alike, and nothing is found.
    whose = NOBODY if person is None else person
    there = known_place.token_of(pepper, whose, source.address) if place else None
    for token in (source.device, there):
        row = None if token is None else factors.device_by(db, secret_token.hash_of(token))
        if token is None or row is None:
            continue
        device = known_device.KnownDevice(row.person_id, row.token_hash, row.seen_at)
        if not known_device.recognises(device, whose, token, now):
            continue
        own = throttle_keys.keys_for(pepper, email, source.address, token, purpose=purpose)
        if not throttle.needs_proof(load(db, own), now):
            return token
    return None
