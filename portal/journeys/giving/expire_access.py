"""Access that has run out is closed: its wraps are deleted, and each closing leaves its line.

The rule has refused since the end of the window; this removes what could still open it. It needs
no key (rule 30). Nothing is closed while the clock or the record is in doubt: a clock that ran
ahead, or rows of yesterday in which more time was not given yet, must not take away what is open.
"""

from __future__ import annotations

from portal.domain.deeds import Deed, line
from portal.domain.grants import GrantState
from portal.domain.ids import AreaId
from portal.domain.people import system
from portal.journeys.deed import Doing, believe, unjudged
from portal.journeys.giving.granting import assert_ended, end_grants
from portal.journeys.house import House
from portal.records import database, sendings

AT_ONCE = 100
"""Grants closed under one lock, so that nobody waits long behind a large sending that ends."""


def expire_access(house: House, area_id: AreaId) -> int:
    """Close every grant of the area that is past its end; returns how many.

    Raises ClockDoubted, RecordBehind, or NotExact where a wrap would stay behind; what was closed
    before stays closed.
    """
    closed = 0
    while _any_over(house, area_id):
        with unjudged(house, system(area_id), Deed.ACCESS_EXPIRED) as deed:
            believe(house, deed.db, area_id)
            closed += _close(deed)
    return closed


def _any_over(house: House, area_id: AreaId) -> bool:
    # A deed must leave a line, so none is begun where there is nothing to close.
    with database.reading(house.engine) as db:
        believe(house, db, area_id)
        return bool(sendings.grants_over(db, area_id, house.clock.now()))


def _close(deed: Doing) -> int:
    over = sendings.grants_over(deed.db, deed.area_id, deed.now)[:AT_ONCE]
    for grant in over:
        sendings.settle_grant(
            deed.db,
            grant,
            GrantState.EXPIRED,
            deed.now,
            manifest_id=grant.manifest_id,
            opens_at=grant.opens_at,
            closes_at=grant.closes_at,
        )
        deed.note(line(Deed.ACCESS_EXPIRED, grant=grant.id, person=grant.person_id))
    end_grants(deed.db, over)
    assert_ended(deed.db, over)
    return len(over)
