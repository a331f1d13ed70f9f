"""An agency's provider says that it has signed somebody out: then they are signed out here as well.

Where the token names the person, every session of theirs ends, however it began; where it names
only a session there, those that began by it. It takes away and gives nothing, so it needs nobody
signed in; what the token must be stands in identity/sign_on/logout_token.py. It counts once, and
whoever brings bad ones is stopped after sixty in ten minutes. Every failure is the same outside.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from portal.crypto import session as session_key
from portal.domain.deeds import Deed, line
from portal.domain.ids import AccountId, AgencyId, AreaId
from portal.domain.people import Person, system
from portal.identity import networks, throttle, throttle_keys
from portal.identity.sign_on.addresses import NotReached
from portal.identity.sign_on.exchange import Known
from portal.identity.sign_on.id_token import BadToken
from portal.identity.sign_on.logout_token import LeftThere
from portal.identity.sign_on.provider import NotRelied
from portal.journeys.agencies.providers import (
    Provider,
    SignOnFailed,
    is_of,
    is_true,
    link_to,
    living,
    sessions_there,
    subjects_of,
)
from portal.journeys.deed import tending, unjudged
from portal.journeys.house import House
from portal.journeys.signing_in.counters import load, peek, save
from portal.records import people, providers, sessions
from portal.records.database import reading
from portal.records.sessions import Session, Stage


def left_there(house: House, agency_id: AgencyId, token: str, address: str) -> int:
    """Returns how many sessions ended. Raises SignOnFailed."""
    counter = throttle_keys.refusals_key(
        house.server_keys.pepper(), "signed-out-there", networks.network_of(address)
    )
    with reading(house.engine) as db:
        if throttle.wait([peek(db, counter)], house.clock.now()) is not None:
            raise SignOnFailed("too_many")
    try:
        return _left_there(house, agency_id, token)
    except SignOnFailed:
        now = house.clock.now()
        with tending(house) as db:
            (bucket,) = load(db, [counter])
            save(db, throttle.after_failure(bucket, now), now)
        raise


def require_still_there(
    house: House, area_id: AreaId, marks: Sequence[bytes], since: datetime, secret: bytes
) -> None:
    """Whoever was signed out there since they were proved there, while they typed their passphrase,
    is signed out here at once. `marks` stand for the person and for their session there.

    Asked after the session has begun, so that of the two whichever comes later sees the other.
    Raises SignOnFailed.
    """
    with reading(house.engine) as db:
        times = [providers.left_at(db, mark) for mark in marks if mark]
        begun = sessions.load(db, session_key.row_id(secret))
    if any(at is not None and at >= since for at in times):
        if begun is not None:
            _end(house, area_id, [begun])
        raise SignOnFailed("over")


def _left_there(house: House, agency_id: AgencyId, token: str) -> int:
    now = house.clock.now()
    with reading(house.engine) as db:
        provider = living(house, db, agency_id)
    try:
        left = house.sign_on.left(provider.client, token, now)
    except BadToken as bad:
        raise SignOnFailed(f"token_{bad.why}") from None
    except NotReached as silent:
        raise SignOnFailed(f"reach_{silent.why}") from None
    except NotRelied:
        raise SignOnFailed("not_relied") from None
    number = hashlib.sha256(f"{agency_id} {left.issuer} {left.number}".encode()).digest()
    with reading(house.engine) as db:
        if providers.left_at(db, number) is not None:
            raise SignOnFailed("used")
    # Before anything ends: whoever is between their provider and their passphrase now, sees it.
    with tending(house) as db:
        for mark in _marks(house, provider, left):
            providers.note_left(db, providers.UsedSignOn(mark, now))
    with reading(house.engine) as db:
        going = _going(house, db, provider, left)
    used = providers.UsedSignOn(number, now)
    if going:
        return _end(house, provider.row.area_id, going, used)
    with tending(house) as db:
        if not providers.use(db, used):
            raise SignOnFailed("used")
    return 0


def _marks(house: House, provider: Provider, left: LeftThere) -> list[bytes]:
    """What stands for the person and for their session there, as tickets carry it."""
    known = Known(left.issuer, left.subject, house.clock.now(), session=left.session)
    found = subjects_of(house, provider, known) if left.subject else []
    return [*found, *sessions_there(house, provider, known)]


def _going(house: House, db: Connection, provider: Provider, left: LeftThere) -> list[Session]:
    known = Known(left.issuer, left.subject, house.clock.now(), session=left.session)
    marks = sessions_there(house, provider, known)
    found = [one for mark in marks for one in sessions.of_sign_on(db, mark)]
    link = link_to(house, db, provider, known) if left.subject else None
    if link is not None and is_true(house, link):
        person = people.by_id(db, link.person_id)
        if person is not None and is_of(provider, person):
            found += sessions.of_person(db, person.account_id)
    return list({one.id: one for one in found if one.stage is not Stage.ENDED}.values())


def _end(
    house: House,
    area_id: AreaId,
    going: Sequence[Session],
    used: providers.UsedSignOn | None = None,
) -> int:
    """What they were reading stops with them. Of any number of tries with one token one goes on.

    The record of the provider's area says so, and that of each other area in which a session was,
    each of its own person.
    """
    with reading(house.engine) as db:
        persons = _persons(db, area_id, going)
    besides = {one.area_id for one in persons if one.area_id != area_id}
    with unjudged(house, system(area_id), Deed.SESSION_CLOSED, besides=besides) as deed:
        if used is not None and not providers.use(deed.db, used):
            raise SignOnFailed("used")
        for one in going:
            sessions.end(deed.db, one.id)
        for person in persons:
            here = person.area_id == area_id
            part = deed if here else deed.beside(system(person.area_id), Deed.SESSION_CLOSED)
            part.note(line(Deed.SESSION_CLOSED, person=person.id))
    return len(going)


def _persons(db: Connection, area_id: AreaId, going: Sequence[Session]) -> list[Person]:
    """Whom the records name: who they are in this area, and in those where their sessions were."""
    places: dict[AccountId, set[AreaId]] = {}
    for one in going:
        places.setdefault(one.person_id, {area_id}).add(one.area_id)
    found: dict[tuple[AccountId, AreaId], Person] = {}
    for account_id in sorted(places):
        for person in people.of_account(db, account_id):
            if person.area_id in places[account_id]:
                # Whoever came back to an area is named as who they are there now.
                found.setdefault((account_id, person.area_id), person)
    return list(found.values())
