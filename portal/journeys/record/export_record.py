"""The whole record as JSON lines: each line's exact text, and every signed checkpoint.

Whoever holds it can hash it again and check the signatures with no portal. It leaves a line
first, and holds identifiers and digests only.
"""

from __future__ import annotations

from collections.abc import Iterator

from portal.domain.deeds import Deed, line
from portal.domain.facts import InArea
from portal.journeys.deed import doing
from portal.journeys.house import House, Who
from portal.ledger import verify
from portal.policy.actions import Action
from portal.records import database


def export_record(house: House, who: Who) -> Iterator[bytes]:
    """The lines, to be streamed; at most a few hundred stand in memory. Raises Refused at once."""
    area_id = who.actor.area_id
    with doing(house, who.actor, Action.RECORD_EXPORT) as deed:
        deed.require(InArea(area_id))
        deed.note(line(Deed.RECORD_READ, from_position=0))
    return _lines(house, area_id)


def _lines(house: House, area_id: str) -> Iterator[bytes]:
    with database.reading(house.engine) as db:
        yield from verify.export(db, area_id)
