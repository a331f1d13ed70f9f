"""Begin a single sign-on: the address to send the browser to, and what only this browser keeps.

State, nonce and the verifier of PKCE are kept by the browser alone, sealed under the server's
session key: an answer counts in the browser that asked, for the provider and the purpose it asked
for, for ten minutes, once (come_back.py). Nothing is written, so asking costs nobody anything.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from portal.crypto.derive import derive
from portal.crypto.fields import BadField, open_field, seal_field
from portal.domain.ids import AgencyId
from portal.identity.sign_on.addresses import NotReached
from portal.identity.sign_on.exchange import Begun
from portal.identity.sign_on.provider import NotRelied
from portal.journeys.agencies.providers import SignOnFailed, digest, living
from portal.journeys.house import House
from portal.records.database import reading

LASTS = timedelta(minutes=10)


class Purpose(StrEnum):
    """What the answer is for: an answer for one is no answer for another."""

    SIGN_IN = "sign_in"
    LINK = "link"
    JOIN = "join"
    TRIAL = "trial"


@dataclass(frozen=True)
class Kept:
    """What the browser keeps until it comes back. `settings` stands for those of the provider
    it was begun with. `session` is the row of who links or joins,
    in hexadecimal; `then` is where to go afterwards."""

    agency_id: AgencyId
    settings: str
    purpose: Purpose
    begun: Begun
    until: datetime
    then: str
    session: str


@dataclass(frozen=True)
class Started:
    """Where to send the browser, and what to give it to keep."""

    url: str
    kept: bytes


def begin_sign_on(
    house: House,
    agency_id: AgencyId,
    back: str,
    purpose: Purpose,
    *,
    then: str = "/",
    session: bytes = b"",
) -> Started:
    """`back` is this provider's own address of the portal to come back to. Raises SignOnFailed."""
    with reading(house.engine) as db:
        provider = living(house, db, agency_id, trial=purpose is Purpose.TRIAL)
    now = house.clock.now()
    try:
        url, begun = house.sign_on.begin(
            provider.client, back, now, address=purpose is Purpose.JOIN
        )
    except NotReached as silent:
        raise SignOnFailed(f"reach_{silent.why}") from None
    except NotRelied:
        raise SignOnFailed("not_relied") from None
    settings = digest(house, provider.client).hex()
    kept = Kept(agency_id, settings, purpose, begun, now + LASTS, then, session.hex())
    return Started(url, _seal(house, kept))


def kept_by(house: House, agency_id: AgencyId, sealed: bytes) -> Kept:
    """What this browser kept of a sign-on with this provider. Raises SignOnFailed."""
    try:
        told = json.loads(open_field(_key(house), sealed, "sign_on", "kept", agency_id))
    except BadField:
        raise SignOnFailed("elsewhere") from None
    kept = Kept(
        agency_id,
        told["settings"],
        Purpose(told["purpose"]),
        Begun(told["state"], told["nonce"], told["verifier"]),
        datetime.fromisoformat(told["until"]),
        told["then"],
        told["session"],
    )
    if not kept.until - LASTS <= house.clock.now() < kept.until:
        raise SignOnFailed("over")
    return kept


def _seal(house: House, kept: Kept) -> bytes:
    told = {
        "settings": kept.settings,
        "purpose": kept.purpose.value,
        "state": kept.begun.state,
        "nonce": kept.begun.nonce,
        "verifier": kept.begun.verifier,
        "until": kept.until.isoformat(),
        "then": kept.then,
        "session": kept.session,
    }
    return seal_field(_key(house), json.dumps(told).encode(), "sign_on", "kept", kept.agency_id)


def _key(house: House) -> bytes:
    return derive(house.server_keys.session, "portal/v1/sign-on")
