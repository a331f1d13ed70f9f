"""Lines that came back behind an older backup, whose rows did not.

What such a line ended stays ended. What it wrote is gone, and the rows are those of the line before
it: whoever compares a row with the newest line about it passes these over.
"""

from __future__ import annotations

from sqlalchemy import Connection

from portal.domain.deeds import Deed
from portal.domain.ids import AreaId
from portal.journeys.house import House
from portal.journeys.keys.lost_lines import lost_lines
from portal.journeys.keys.proven import proven_line
from portal.ledger import search


def lost_rows(house: House, db: Connection, area_id: AreaId) -> tuple[range, ...]:
    """Their positions, a range for each time that a backup was put back."""
    restored = search.of_deeds(db, area_id, [Deed.BACKUP_RESTORED.value], lambda _told: True)
    return lost_lines(restored, lambda at: proven_line(house, db, area_id, at)) or ()
