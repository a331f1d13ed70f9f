"""Drop examined files that nobody handed in within a day: rows first, then bytes.

A timer asks for it. Nothing was given to anybody, so nothing is taken away and no line is left.
"""

from __future__ import annotations

from portal.journeys.candidate import KEPT, forget_payloads
from portal.journeys.deed import tending
from portal.journeys.house import House
from portal.records import candidates


def drop_candidates(house: House) -> int:
    """Returns how many were dropped, in every area."""
    with tending(house) as db:
        old = candidates.made_before(db, house.clock.now() - KEPT)
        for candidate in old:
            candidates.drop(db, candidate.area_id, candidate.id)
    forget_payloads(house, [candidate.payload_sha256 for candidate in old])
    return len(old)
