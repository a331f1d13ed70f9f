"""Whether a legal hold stands on a case, as the ledger has it (rule 79).

There is no row to be deleted: the newest line about the case says whether a hold was placed or
lifted. A line that cannot be proven counts as a hold, because disposal cannot be undone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from portal.domain.deeds import Deed
from portal.domain.ids import AreaId, CaseId, PersonId
from portal.journeys.house import House
from portal.journeys.keys.proven import proven_line
from portal.ledger import leaf, search
from portal.ledger.book import Entry

FIELD = "hold"
"""Under this name, with the moment, the reasons stand, under the case's identifier."""


@dataclass(frozen=True)
class Hold:
    """A hold that stands: who placed it, and when."""

    placed_by: PersonId
    placed_at: datetime
    position: int


def hold_on(house: House, db: Connection, area_id: AreaId, case_id: CaseId) -> Hold | None:
    """The hold on this case; None where none was placed, or it was lifted."""
    placed = _newest(db, area_id, case_id, Deed.HOLD_PLACED)
    if placed is None:
        return None
    lifted = _newest(db, area_id, case_id, Deed.HOLD_LIFTED)
    if (
        lifted is not None
        and lifted.position > placed.position
        and proven_line(house, db, area_id, lifted.position) is not None
    ):
        return None
    told = leaf.decode(placed.leaf)
    return Hold(PersonId(str(told["actor"])), placed.recorded_at, placed.position)


def _newest(db: Connection, area_id: AreaId, case_id: CaseId, deed: Deed) -> Entry | None:
    return search.newest_about(db, area_id, deed.value, {"case": case_id})
