"""Originals whose time is over are removed, and each removal leaves its line.

How long they are kept is the area's word. Nothing is removed while the clock is in doubt, for a
clock that ran ahead must not take evidence away, nor while the record is behind what was seen of
it.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection

from portal.domain.deeds import Deed, line
from portal.domain.ids import AreaId
from portal.domain.people import system
from portal.journeys.deed import believe, unjudged
from portal.journeys.house import House
from portal.journeys.reports.candidate import forget_payloads
from portal.records import areas, database, originals
from portal.records.originals import Original

AT_ONCE = 100


def remove_originals(house: House, area_id: AreaId) -> int:
    """Remove every original of the area that is past its time; returns how many.

    Raises ClockDoubted or RecordBehind. A payload that cannot be deleted now is named by nothing,
    and swept later.
    """
    with database.reading(house.engine) as db:
        believe(house, db, area_id)
        if not _over(db, area_id, house.clock.now()):
            return 0
    with unjudged(house, system(area_id), Deed.ORIGINAL_REMOVED) as deed:
        believe(house, deed.db, area_id)
        over = _over(deed.db, area_id, deed.now)[:AT_ONCE]
        payloads = [originals.drop(deed.db, original) for original in over]
        for original in over:
            deed.note(
                line(
                    Deed.ORIGINAL_REMOVED,
                    subject=original.request_id,
                    version=original.version_id,
                )
            )
    forget_payloads(house, [name for name in payloads if name is not None])
    return len(over)


def _over(db: Connection, area_id: AreaId, now: datetime) -> list[Original]:
    area = areas.load(db, area_id)
    if area is None:
        return []
    return originals.received_before(db, area_id, now - timedelta(days=area.originals_days))
