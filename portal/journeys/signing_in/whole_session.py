"""Where a whole session begins, whichever way somebody came: signing in, joining or recovering.

Each of them has to say whether others use the computer: then the session only reads, ends after ten
minutes without use, and its browser is remembered by nobody. What only goes on (an unlocked screen,
a key that was changed) goes on with the terms it had.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from portal.crypto.keyring import Keyring
from portal.domain.people import Person
from portal.identity import known_device
from portal.journeys.deed import Doing
from portal.journeys.signing_in.recall import begin
from portal.records import factors
from portal.records.sessions import Stage, Terms


@dataclass(frozen=True)
class SignedIn:
    """`secret` is for the session's cookie, `device` for the one of a known browser; None where
    others use it."""

    secret: bytes
    device: str | None


def begin_whole(
    deed: Doing,
    person: Person,
    keyring: Keyring | None,
    *,
    shared: bool,
    factor_at: datetime | None,
    vouched_until: datetime | None = None,
    instead_of: bytes | None = None,
    sign_on: bytes | None = None,
) -> SignedIn:
    """`shared`: others use this computer. `vouched_until`: without a second factor, and no longer
    than that. The rest as in recall.begin."""
    terms = terms_of(shared=shared, vouched=vouched_until is not None)
    secret = begin(
        deed.house,
        deed.db,
        person,
        Stage.SIGNED_IN,
        keyring,
        deed.now,
        factor_at=factor_at,
        terms=terms,
        ends_at=vouched_until,
        instead_of=instead_of,
        sign_on=sign_on,
    )
    if terms is not Terms.OWN:
        return SignedIn(secret, None)
    token, hashed = known_device.new_token()
    device = factors.Device(hashed, person.area_id, person.account_id, deed.now)
    factors.save_device(deed.db, device)
    return SignedIn(secret, token)


def terms_of(*, shared: bool, vouched: bool) -> Terms:
    """What is asked for in this session: all but a session of their own only read."""
    if vouched:
        return Terms.VOUCHED_SHARED if shared else Terms.VOUCHED
    return Terms.SHARED if shared else Terms.OWN
