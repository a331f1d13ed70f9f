"""An operator has looked at the clock and says that it is right: it may be believed again.

An operator's command, which leaves a line in every area's ledger. It does not set the clock.
"""

from __future__ import annotations

from datetime import datetime

from portal.domain.deeds import Deed, line
from portal.domain.people import Area, system
from portal.journeys.deed import ClockDoubted, believe_clock, unjudged
from portal.journeys.house import House
from portal.records import areas, database


def clock_trouble(house: House) -> dict[str, str]:
    """Why the clock is not believed, by the name of the area; empty where it is."""
    found: dict[str, str] = {}
    with database.reading(house.engine) as db:
        for area in areas.all_areas(db):
            try:
                believe_clock(house, db, area.id)
            except ClockDoubted as doubt:
                found[area.name] = str(doubt)
    return found


def accept_clock(house: House) -> tuple[datetime, list[Area]]:
    """Accept the clock as it stands; returns the last time accepted, and the areas told so."""
    with database.reading(house.engine) as db:
        found = areas.all_areas(db)
    wall = house.clock.now()
    for area in found:
        with unjudged(house, system(area.id), Deed.CLOCK_ACCEPTED) as deed:
            wall = deed.now
            deed.note(line(Deed.CLOCK_ACCEPTED, wall=wall.isoformat(timespec="microseconds")))
    return wall, found
