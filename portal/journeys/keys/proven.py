"""Lines of the ledger that a signed checkpoint covers: nothing else of it is believed."""

from __future__ import annotations

from sqlalchemy import Connection

from portal.domain.deeds import Deed
from portal.domain.ids import AreaId
from portal.journeys.house import House
from portal.ledger import book, leaf, receipt, search
from portal.ledger.errors import LedgerError


def proven_line(
    house: House, db: Connection, area_id: AreaId, position: int
) -> dict[str, leaf.Value] | None:
    """The line at `position`, when a checkpoint signed by the ledger's key covers it."""
    ledger = house.signer(area_id)
    try:
        entry = book.entries(db, area_id, position, 1)[0]
        proof = book.receipt(db, area_id, position)
        proven, _ = receipt.check(proof, entry.leaf, ledger.known, ledger.origin)
    except (LedgerError, IndexError):
        return None
    return leaf.decode(entry.leaf) if proven == position == entry.position else None


def proven_line_of(
    house: House, db: Connection, area_id: AreaId, deed: Deed, **fields: leaf.Value
) -> dict[str, leaf.Value] | None:
    """The newest line of this deed that holds these fields, when a checkpoint covers it."""
    found = search.newest_about(db, area_id, deed.value, fields)
    return None if found is None else proven_line(house, db, area_id, found.position)
