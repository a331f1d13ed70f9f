"""An operator has looked at a record that lost lines, and says to go on with it as it stands.

After a database was put back by hand, or lost what was committed last. An operator's command, which
leaves a line: what was seen before, and that it is not there any more. It brings no line back:
what was ended in them is open again, so whoever runs this must say so to the unit.
"""

from __future__ import annotations

from dataclasses import dataclass

from portal.domain.deeds import Deed, line
from portal.domain.people import Area, system
from portal.journeys.deed import unjudged
from portal.journeys.house import House
from portal.ledger import book
from portal.ledger.checkpoint import Checkpoint, open_checkpoint
from portal.ledger.errors import RecordBehind
from portal.records import areas, database


@dataclass(frozen=True)
class Behind:
    """An area whose record does not go on from what was seen: that, and how long it is now."""

    area: Area
    seen: Checkpoint
    lines: int


def records_behind(house: House) -> list[Behind]:
    """Raises NoteRefused where what was seen cannot be read."""
    found = []
    with database.reading(house.engine) as db:
        for area in areas.all_areas(db):
            signer = house.signer(area.id)
            try:
                house.witness.require(db, area.id, signer)
            except RecordBehind:
                held = house.witness.held(area.id) or ""
                seen = open_checkpoint(held, signer.ever, signer.origin)
                found.append(Behind(area, seen, book.head(db, area.id).size))
    return found


def accept_record(house: House, behind: Behind) -> None:
    """Go on with the record of this area as it stands."""
    area_id = behind.area.id
    with unjudged(house, system(area_id), Deed.RECORD_ACCEPTED) as deed:
        deed.note(line(Deed.RECORD_ACCEPTED, seen=behind.seen.size, root=behind.seen.root.hex()))
