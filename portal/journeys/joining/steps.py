"""What the steps of joining share: each is kept, under the area's lock, and begins the next.

Nothing of it gives access to anything, for the account is not open, so no step leaves a line.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection

from portal.crypto.keyring import Keyring
from portal.domain.people import Account, Person
from portal.identity.invitation import NotUsable
from portal.journeys.deed import tending
from portal.journeys.house import House
from portal.journeys.joining.joined_before import require_joins_first, telling
from portal.journeys.signing_in.recall import Recalled, begin
from portal.ledger import book
from portal.records import people, sessions
from portal.records.sessions import Stage


@contextmanager
def step(house: House, half: Recalled) -> Iterator[tuple[Connection, Person]]:
    """One step: of two browsers one goes on. Raises NotUsable."""
    with telling(house), tending(house) as db:
        book.lock(db, half.person.area_id)
        yield db, still_joining(house, db, half)


def still_joining(house: House, db: Connection, half: Recalled) -> Person:
    """Whoever joins, as they are now. Raises NotUsable where somebody began again elsewhere, or the
    record says that they have joined before."""
    row = sessions.load(db, half.session.id)
    person = people.by_id(db, half.person.id)
    if row is None or row.stage is not Stage.JOINING:
        raise NotUsable("begun again elsewhere")
    if person is None or person.account is not Account.INVITED:
        raise NotUsable("used")
    require_joins_first(house, db, person)
    return person


def next_session(
    house: House,
    db: Connection,
    half: Recalled,
    keyring: Keyring,
    *,
    factor: bool = False,
    sign_on: bytes | None = None,
) -> bytes:
    """The session of the next step; returns its secret."""
    now = house.clock.now()
    return begin(
        house,
        db,
        half.person,
        Stage.JOINING,
        keyring,
        now,
        factor_at=now if factor else None,
        instead_of=half.session.id,
        sign_on=sign_on,
    )


def keyring_of(half: Recalled) -> Keyring:
    """The keyring made with the passphrase. Raises NotUsable before that."""
    if half.keyring is None:
        raise NotUsable("no keyring")
    return half.keyring
