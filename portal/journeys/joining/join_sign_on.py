"""Join with the agency's single sign-on in the place of a code.

The invitation says of which agency somebody is, and only that agency's provider is asked. What it
calls them is tied to them then and there: to nobody else, and from the session that asked. An
e-mail address that it vouches for must be the one that was invited; it is never looked at again.
The portal's passphrase stands as ever, and it alone opens the keyring.
"""

from __future__ import annotations

from sqlalchemy import Connection

from portal.domain.people import Person
from portal.domain.sign_on import ProviderState
from portal.identity.email_address import BadAddress, normalise
from portal.identity.invitation import NotUsable
from portal.journeys.agencies.providers import (
    SignOnFailed,
    is_of,
    is_true,
    link_to,
    new_link,
    opened,
    sessions_there,
    subjects_of,
)
from portal.journeys.house import House
from portal.journeys.joining.join_factor import settle
from portal.journeys.joining.steps import keyring_of, still_joining
from portal.journeys.signing_in.begin_sign_on import Purpose, Started, begin_sign_on
from portal.journeys.signing_in.come_back import CameBack
from portal.journeys.signing_in.left_there import require_still_there
from portal.journeys.signing_in.recall import Recalled
from portal.records import providers, sessions
from portal.records.database import reading

FACTOR = "sso"
"""What the ledger calls it."""


def sign_on_offered(house: House, half: Recalled) -> bool:
    """Whether whoever joins may do so with their agency's sign-on."""
    with reading(house.engine) as db:
        row = providers.of_agency(db, half.person.area_id, half.person.agency_id)
    return row is not None and row.state is ProviderState.OPEN


def begin_join(house: House, half: Recalled, back: str) -> Started:
    """`back` as in begin_sign_on. Raises SignOnFailed, NotUsable."""
    keyring_of(half)
    with reading(house.engine) as db:
        _require_invited(house, db, still_joining(house, db, half))
    return begin_sign_on(house, half.person.agency_id, back, Purpose.JOIN, session=half.session.id)


def set_sign_on(house: House, half: Recalled, came: CameBack) -> bytes:
    """Tie whoever came back to the person who joins in the session that sent them. What follows
    goes on as begun by their session there, and ends when it does.

    Returns the secret of the next session. Raises SignOnFailed, NotUsable.
    """
    if came.kept.session != half.session.id.hex():
        raise SignOnFailed("elsewhere")
    if came.known.address and not _same(came.known.address, half.person.email):
        raise SignOnFailed("address")

    def keep(db: Connection, person: Person) -> bool:
        _require_invited(house, db, person)
        row = providers.of_agency(db, person.area_id, person.agency_id)
        if row is None or row.state is not ProviderState.OPEN or not is_of(came.provider, person):
            raise SignOnFailed("closed")
        if opened(house, row).client != came.provider.client:
            raise SignOnFailed("closed")
        tied = link_to(house, db, came.provider, came.known)
        if tied is not None and tied.person_id == person.id and is_true(house, tied):
            # They came this way before, and stopped before they wrote their codes down.
            return True
        if tied is not None:
            raise SignOnFailed("taken")
        providers.remove_link(db, person.area_id, person.id)
        providers.save_link(db, new_link(house, came.provider, came.known, person))
        return True

    since = house.clock.now()
    session = next(iter(sessions_there(house, came.provider, came.known)), None)
    secret = settle(house, half, keep, sign_on=session)
    marks = [*subjects_of(house, came.provider, came.known), session or b""]
    require_still_there(house, half.person.area_id, marks, since, secret)
    return secret


def _require_invited(house: House, db: Connection, person: Person) -> None:
    link = sessions.link_of(db, person.id)
    if link is None or link.used_at is not None or house.clock.now() >= link.expires_at:
        raise NotUsable("expired")


def _same(vouched: str, invited: str) -> bool:
    try:
        return normalise(vouched) == invited
    except BadAddress:
        return False
