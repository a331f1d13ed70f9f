"""Whose copy a file is: an operator's command, for a copy that turned up where it should not be.

The record is the register of copies: the line of each opening names the reference that stands on
every page of that copy. Whoever is told leaves a line too, in the record of the area the copy came
from. Nothing of a paper's content is read from the portal, and none of the file's is told.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from portal.domain.deeds import Deed, line
from portal.domain.ids import GrantId, PersonId, SlotId
from portal.domain.people import Area, system
from portal.journeys.deed import unjudged
from portal.journeys.directory import proven_line
from portal.journeys.house import House
from portal.ledger import leaf, search
from portal.records import areas, cases, database, meetings, people, sendings

MADE = (
    Deed.PAPER_OPENED,
    Deed.MINUTES_READ,
    Deed.PACK_PREVIEWED,
    Deed.REPORT_READ,
    Deed.DISCLOSURE_READ,
)
"""The deeds of which each makes a copy."""

_COPY = re.compile(rb'"copy":"([0-9A-Z-]{14})"')


@dataclass(frozen=True)
class Traced:
    """One copy: whose, of what, when (UTC); the line (from 0) that says so, and whether a
    checkpoint signed by the ledger's key covers it."""

    reference: str
    area: str
    name: str
    agency: str
    of: str
    deed: Deed
    opened_at: datetime
    position: int
    proven: bool


def trace_copy(house: House, references: Iterable[str]) -> list[Traced]:
    """Those of these references that belong to copies of this installation.

    Each one found leaves its line before it is told. A reference that nobody's copy has is not
    told, and leaves none.
    """
    wanted = frozenset(references)
    with database.reading(house.engine) as db:
        found = [each for area in areas.all_areas(db) for each in _in_area(house, db, area, wanted)]
    for area, traced in found:
        with unjudged(house, system(area.id), Deed.COPY_TRACED) as deed:
            deed.note(line(Deed.COPY_TRACED, copy=traced.reference, position=traced.position))
    return [traced for _, traced in found]


def _in_area(
    house: House, db: Connection, area: Area, wanted: frozenset[str]
) -> Iterator[tuple[Area, Traced]]:
    def is_wanted(text: bytes) -> bool:
        named = _COPY.search(text)
        return named is not None and named[1].decode("ascii") in wanted

    # Gathered first: reading on while other questions are asked is not safe on every database.
    for entry in list(search.of_deeds(db, area.id, [deed.value for deed in MADE], is_wanted)):
        told = leaf.decode(entry.leaf)
        person = people.load(db, area.id, PersonId(str(told["actor"])))
        agency = None if person is None else people.load_agency(db, area.id, person.agency_id)
        yield (
            area,
            Traced(
                reference=str(told["copy"]),
                area=area.name,
                name="somebody whose account was erased" if person is None else person.name,
                agency="" if agency is None else agency.name,
                of=_of(db, area, told),
                deed=Deed(entry.deed),
                opened_at=entry.recorded_at,
                position=entry.position,
                proven=proven_line(house, db, area.id, entry.position) == told,
            ),
        )


def _of(db: Connection, area: Area, told: Mapping[str, leaf.Value]) -> str:
    """The copy's number and the sending's reference, or the case's; empty where they are gone."""
    if "grant" in told:
        grant = sendings.load_grant(db, area.id, GrantId(str(told["grant"])))
        sending = None if grant is None else sendings.load_sending(db, area.id, grant.sending_id)
        if grant is None or sending is None:
            return ""
        return f"copy {grant.copy_number} of {grant.copies} of {sending.reference}"
    slot = meetings.load_slot(db, area.id, SlotId(str(told.get("slot", ""))))
    case = None if slot is None else cases.load(db, area.id, slot.case_id)
    return "" if case is None else case.reference
