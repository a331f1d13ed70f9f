"""Come back from a provider: the answer is held against what this browser began, and used up.

Whoever brings bad answers is counted by their address and stopped after sixty in ten minutes. An
answer is used up before the provider is asked about it: of two browsers or two tries, one goes on.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from portal.domain.ids import AgencyId
from portal.identity import networks, throttle, throttle_keys
from portal.identity.sign_on.addresses import NotReached
from portal.identity.sign_on.assurance import TooWeak
from portal.identity.sign_on.exchange import BadAnswer, Known
from portal.identity.sign_on.id_token import BadToken
from portal.identity.sign_on.provider import NotRelied
from portal.journeys.agencies.providers import Provider, SignOnFailed, is_digest, living
from portal.journeys.deed import tending
from portal.journeys.house import House
from portal.journeys.signing_in.alerting import tell_of_sign_ons
from portal.journeys.signing_in.begin_sign_on import Kept, Purpose, kept_by
from portal.journeys.signing_in.counters import load, peek, save
from portal.records import providers
from portal.records.database import reading


@dataclass(frozen=True)
class CameBack:
    """Who came back from which provider, and for what."""

    provider: Provider
    known: Known
    kept: Kept


def come_back(
    house: House,
    agency_id: AgencyId,
    back: str,
    sealed: bytes | None,
    answer: Mapping[str, str],
    address: str,
) -> CameBack:
    """`sealed` is what the browser kept, `answer` the fields of its address, each at most once.

    Raises SignOnFailed.
    """
    now = house.clock.now()
    counter = throttle_keys.refusals_key(
        house.server_keys.pepper(), "sign-on", networks.network_of(address)
    )
    with reading(house.engine) as db:
        if throttle.wait([peek(db, counter)], now) is not None:
            raise SignOnFailed("too_many")
    try:
        return _come_back(house, agency_id, back, sealed, answer, now)
    except SignOnFailed:
        with tending(house) as db:
            (bucket,) = load(db, [counter])
            counted = throttle.after_failure(bucket, now)
            save(db, counted, now)
            row = providers.by_id(db, agency_id)
        if row is not None and throttle.is_alarming(counted):
            tell_of_sign_ons(house, row.area_id, row.agency_id)
        raise


def _come_back(
    house: House,
    agency_id: AgencyId,
    back: str,
    sealed: bytes | None,
    answer: Mapping[str, str],
    now: datetime,
) -> CameBack:
    if sealed is None:
        raise SignOnFailed("elsewhere")
    kept = kept_by(house, agency_id, sealed)
    with reading(house.engine) as db:
        provider = living(house, db, agency_id, trial=kept.purpose is Purpose.TRIAL)
    # Whoever changed the settings meanwhile may have changed whom the code would be shown to.
    if not is_digest(house, provider.client, bytes.fromhex(kept.settings)):
        raise SignOnFailed("closed")
    if answer.get("state") != kept.begun.state:
        raise SignOnFailed("elsewhere")
    use_up(house, kept.begun.state)
    try:
        known = house.sign_on.finish(provider.client, back, kept.begun, answer, now)
    except (BadAnswer, TooWeak, BadToken) as bad:
        raise SignOnFailed(f"{_KINDS[type(bad)]}_{bad.why}") from None
    except NotReached as silent:
        raise SignOnFailed(f"reach_{silent.why}") from None
    except NotRelied:
        raise SignOnFailed("not_relied") from None
    return CameBack(provider, known, kept)


_KINDS = {BadAnswer: "answer", TooWeak: "weak", BadToken: "token"}


def use_up(house: House, secret: str) -> None:
    """This may be used once, ever. Raises SignOnFailed the second time."""
    used = providers.UsedSignOn(hashlib.sha256(secret.encode()).digest(), house.clock.now())
    with tending(house) as db:
        first = providers.use(db, used)
    if not first:
        raise SignOnFailed("used")
