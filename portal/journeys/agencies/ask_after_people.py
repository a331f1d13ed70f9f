"""Letters to an agency's single points of contact: it is time to say who is still here, and once
more before that is late (MAPPA rule 81).

When an agency was asked stands in the ledger alone, in the line that goes with the letters: each
letter goes once, whenever the server stops. Nothing is closed here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from portal.domain.clocks import london
from portal.domain.colleagues import (
    LATE_AFTER,
    LETTERS_APART,
    Ask,
    Certified,
    certified,
    due_since,
    letter_due,
)
from portal.domain.deeds import Deed, line
from portal.domain.ids import AgencyId, AreaId, PersonId
from portal.domain.people import Area, Person, Role, system
from portal.journeys.agencies.to_certify import to_certify
from portal.journeys.deed import Doing, believe, unjudged
from portal.journeys.house import House
from portal.journeys.roles.in_office import in_office
from portal.ledger import book, leaf, search
from portal.notices.kinds import Kind
from portal.records import areas, database

PATH = "/agency/people/certify"

LETTERS: Mapping[Ask, Kind] = {
    Ask.FIRST: Kind.STILL_HERE_ASKED,
    Ask.AGAIN: Kind.STILL_HERE_REMINDED,
}


@dataclass(frozen=True)
class _Due:
    """An agency to be written to: whom it is asked after, since when, and who answers for it."""

    agency_id: AgencyId
    ask: Ask
    since: datetime
    persons: tuple[PersonId, ...]
    to: tuple[Person, ...]


def ask_after_people(house: House, area_id: AreaId) -> int:
    """Write to whom it is due; returns to how many agencies. An agency without a single point of
    contact whose role counts is not asked. Raises ClockDoubted, RecordBehind."""
    with database.reading(house.engine) as db:
        believe(house, db, area_id)
        if not _due(db, area_id, house.clock.now()):
            return 0
    with unjudged(house, system(area_id), Deed.PEOPLE_ASKED_AFTER) as deed:
        believe(house, deed.db, area_id)
        area = areas.load(deed.db, area_id)
        due = _due(deed.db, area_id, deed.now) if area is not None else []
        for each in due:
            if area is not None:
                _ask(deed, area, each)
    return len(due)


def _due(db: Connection, area_id: AreaId, now: datetime) -> list[_Due]:
    waits = {
        agency_id: (since, last)
        for agency_id, last in to_certify(db, area_id).items()
        if (since := due_since(last.values(), now)) is not None
    }
    if not waits:
        return []
    told = _told(db, area_id, min(since for since, _ in waits.values()) - LETTERS_APART)
    speak = in_office(db, area_id, {Role.SPOC})
    found = []
    for agency_id, (since, last) in sorted(waits.items()):
        to = tuple(each for each in speak if each.agency_id == agency_id)
        ask = letter_due(since, told.get(agency_id, ()), now)
        if to and ask is not None:
            persons = sorted(
                key for key, at in last.items() if certified(at, now) is not Certified.CURRENT
            )
            found.append(_Due(agency_id, ask, since, tuple(persons), to))
    return found


def _told(db: Connection, area_id: AreaId, since: datetime) -> dict[str, list[datetime]]:
    """When each agency was written to, by its lines since then."""
    size = book.head(db, area_id).size
    deed = Deed.PEOPLE_ASKED_AFTER.value
    found: dict[str, list[datetime]] = defaultdict(list)
    for entry in search.newest_first(db, area_id, below=size, most=size, deed=deed, since=since):
        found[str(leaf.decode(entry.leaf)["agency"])].append(entry.recorded_at)
    return found


def _ask(deed: Doing, area: Area, due: _Due) -> None:
    deed.note(line(Deed.PEOPLE_ASKED_AFTER, agency=due.agency_id, persons=list(due.persons)))
    # Where the server stood still until it was late, the day is not one that has gone by.
    until = max(due.since + LATE_AFTER, deed.now)
    for each in due.to:
        deed.tell(
            LETTERS[due.ask],
            each.email,
            area=area.name,
            date=london(until).date().isoformat(),
            path=PATH,
            phone=area.phone,
        )
