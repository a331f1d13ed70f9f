"""Count what somebody outside tried, for the security log: by kind and by a keyed hash of the
address, so that nobody can flood it and nobody's address stands in it."""

from __future__ import annotations

import hmac

from portal.journeys.deed import tending
from portal.journeys.house import House
from portal.records import security_log


def count_attempt(house: House, kind: str, address: str) -> None:
    """One more attempt of this kind from this address, in this hour."""
    source = hmac.new(
        house.server_keys.pepper(), b"portal/v1/source\x00" + address.encode(), "sha256"
    ).hexdigest()
    with tending(house) as db:
        security_log.count(db, kind, source, house.clock.now())
