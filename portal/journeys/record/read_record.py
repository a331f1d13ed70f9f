"""Reading the record of who did what: newest first, a page at a time, narrowed as asked.

For coordinators, deputies and auditors. Reading it leaves a line of its own, before anything is
shown. A line holds identifiers and digests only; who and what they point to is read beside it, as
far as it is still there. Nothing sealed is opened: no individual is named.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Connection

from portal.chance import ID_LENGTH
from portal.domain.clocks import from_london
from portal.domain.deeds import Deed, line
from portal.domain.facts import InArea
from portal.domain.ids import AreaId
from portal.journeys.deed import doing
from portal.journeys.house import House, Who
from portal.journeys.restricted.about import hidden_in_record
from portal.ledger import book, leaf, search
from portal.ledger.book import Entry
from portal.policy.actions import Action
from portal.records import database, pointed
from portal.records.pointed import Pointed

PAGE = 50
LOOKED_THROUGH = 20_000
"""Lines compared for one page at most; then the page says so and offers to look further."""


@dataclass(frozen=True)
class Narrowed:
    """What the record is narrowed to; None or empty means everything. Days are London's, both
    ends included. `person` is whoever did it or whom it concerns."""

    person: str = ""
    case: str = ""
    slot: str = ""
    deed: Deed | None = None
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class Told:
    """One line: its entry, and its fields as they were written."""

    entry: Entry
    fields: Mapping[str, leaf.Value]


@dataclass(frozen=True)
class RecordPage:
    """Lines, newest first. `further` is where the next page goes on; None at the beginning.

    `stopped_early`: nothing more was found within the bound, but older lines were not looked at.
    """

    lines: tuple[Told, ...]
    pointed: Pointed
    further: int | None
    stopped_early: bool
    size: int


def read_record(house: House, who: Who, narrowed: Narrowed, below: int | None = None) -> RecordPage:
    """One page, of lines at positions under `below` (the newest page: None). Raises Refused."""
    area_id = who.actor.area_id
    with doing(house, who.actor, Action.RECORD_READ) as deed:
        deed.require(InArea(area_id))
        size = book.head(deed.db, area_id).size
        start = size if below is None else max(0, min(below, size))
        deed.note(line(Deed.RECORD_READ, from_position=max(start - 1, 0)))
    with database.reading(house.engine) as db:
        kept_from = hidden_in_record(db, who.actor)
        found, further, stopped_early = _search(db, area_id, narrowed, start, kept_from)
        named = {name for told in found for name in identifiers(told.fields)}
        return RecordPage(
            tuple(found), pointed.to(db, area_id, named), further, stopped_early, size
        )


def _search(
    db: Connection, area_id: AreaId, narrowed: Narrowed, start: int, kept_from: set[str]
) -> tuple[list[Told], int | None, bool]:
    wanted = _wanted(db, area_id, narrowed)
    found: list[Told] = []
    looked, lowest = 0, start
    for entry in search.newest_first(
        db,
        area_id,
        below=start,
        most=LOOKED_THROUGH,
        deed=None if narrowed.deed is None else narrowed.deed.value,
        since=None if narrowed.since is None else from_london(narrowed.since, 0, 0),
        until=None
        if narrowed.until is None
        else from_london(narrowed.until + timedelta(days=1), 0, 0),
    ):
        looked += 1
        fields = leaf.decode(entry.leaf)
        if kept_from and kept_from & set(identifiers(fields)):
            lowest = entry.position
            continue
        if wanted and not all(named & set(identifiers(fields)) for named in wanted):
            lowest = entry.position
            continue
        if len(found) == PAGE:
            return found, lowest, False
        lowest = entry.position
        found.append(Told(entry, fields))
    stopped_early = looked == LOOKED_THROUGH and lowest > 0
    return found, lowest if stopped_early else None, stopped_early


def _wanted(db: Connection, area_id: AreaId, narrowed: Narrowed) -> list[set[str]]:
    """Sets of identifiers; a line must name something of each."""
    wanted: list[set[str]] = []
    if narrowed.person:
        wanted.append({narrowed.person})
    if narrowed.case:
        wanted.append(pointed.of_case(db, area_id, narrowed.case))
    if narrowed.slot:
        wanted.append(pointed.of_slot(db, area_id, narrowed.slot))
    return wanted


def identifiers(fields: Mapping[str, leaf.Value]) -> Iterable[str]:
    """Every identifier that a line names, whoever did it among them."""
    for value in fields.values():
        if isinstance(value, str):
            yield from _ids(value)
        elif isinstance(value, list | tuple):
            for each in value:
                if isinstance(each, str):
                    yield from _ids(each)


def _ids(text: str) -> Iterable[str]:
    return (word for word in text.split(" ") if len(word) == ID_LENGTH or word == "system")
