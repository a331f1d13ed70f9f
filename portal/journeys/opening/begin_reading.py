"""A reader begins to read a paper in the browser: one line, one copy (MAPPA rules 27 to 34).

The line is left whether or not a page is looked at afterwards. Nothing is opened yet.
"""

from __future__ import annotations

from portal.domain.ids import GrantId
from portal.journeys.deed import doing
from portal.journeys.house import House, Who
from portal.journeys.opening.held import held
from portal.journeys.opening.marked_copy import ACTION, Purpose, note_copy
from portal.records import readings
from portal.records.readings import Reading


def begin_reading(house: House, who: Who, grant_id: GrantId) -> Reading:
    """Raises Refused with the reason, or ClockDoubted."""
    with doing(house, who.actor, ACTION, grant_id) as deed:
        at = held(deed.db, deed.area_id, grant_id, ACTION)
        deed.require(at.facts)
        noted = note_copy(deed, at, Purpose.READ)
        reading = Reading(
            id=noted.opening_id,
            area_id=deed.area_id,
            grant_id=grant_id,
            person_id=deed.actor.person_id,
            session_id=who.session_id,
            copy=noted.copy,
            begun_at=deed.now,
        )
        readings.save(deed.db, reading)
    return reading
