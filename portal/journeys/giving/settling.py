"""A grant moves on, on the terms it has: the same manifest, the same window."""

from __future__ import annotations

from portal.domain.grants import Grant, GrantState
from portal.journeys.changed import Changed
from portal.journeys.deed import Doing
from portal.records import sendings


def settle(deed: Doing, grant: Grant, state: GrantState) -> None:
    """Raises Changed where it stands no longer as it was read: of two at once, one wins."""
    moved = sendings.settle_grant(
        deed.db,
        grant,
        state,
        deed.now,
        manifest_id=grant.manifest_id,
        opens_at=grant.opens_at,
        closes_at=grant.closes_at,
    )
    if not moved:
        raise Changed
