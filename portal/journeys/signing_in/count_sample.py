"""Count a sample file that somebody outside sends to "Check this computer", before it is read.

Nothing of it is kept. Each address may send a few in ten minutes; the counter's key is a keyed
hash, so no row says whose it is.
"""

from __future__ import annotations

from portal.identity import throttle, throttle_keys
from portal.journeys.deed import tending
from portal.journeys.house import House
from portal.journeys.signing_in.counters import load, save


def count_sample(house: House, address: str) -> bool:
    """Whether this address may send another one now; if so it is counted."""
    now = house.clock.now()
    key = throttle_keys.samples_key(house.server_keys.pepper(), address)
    with tending(house) as db:
        (bucket,) = load(db, [key])
        if throttle.wait([bucket], now) is not None:
            return False
        save(db, throttle.after_failure(bucket, now), now)
    return True
