"""Reading in the browser, page by page: what each page costs before it is shown (rules 27, 30).

A reading is begun once, by pressing a button: that leaves its line, and the copy's reference. Each
page after it is judged anew, noted as read, and made from the sealed paper: nothing of the paper
stays in the clear between two pages, in memory or on a disk. It belongs to one session; an address
that was kept from another one shows nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from portal.documents.render import NoSuchPage
from portal.documents.stamp import Stamp
from portal.domain.ids import GrantId
from portal.journeys.deed import ClockDoubted, Looking, believe, looking, tending
from portal.journeys.house import House, Who
from portal.journeys.opening.held import Held, held
from portal.journeys.opening.marked_copy import ACTION, clear_copy, mark, still_open
from portal.records import readings
from portal.records.readings import PageRead, Reading, Shown

T = TypeVar("T")


class NotReading(Exception):
    """Nobody has begun to read this here: the page before has the button for it."""


@dataclass(frozen=True)
class Place:
    """A reading under way: what is read, and what is on every page of it."""

    at: Held
    reading: Reading
    mark: Stamp


def show(
    house: House,
    who: Who,
    grant_id: GrantId,
    sheet: int,
    shown: Shown,
    made: Callable[[bytes, Stamp], T],
) -> tuple[T, Place]:
    """What `made` makes of the clear paper for one page, once that page is noted as read.

    Raises NoSuchPage, NotReading, Refused with the reason, ClockDoubted, Spoilt, RoomFull,
    RefusedPaper or a StorageError. Asked again before anything is handed over.
    """
    with looking(house, who.actor, grant_id) as look:
        place = place_of(look, who, grant_id)
        if not 1 <= sheet <= place.at.version.pages:
            raise NoSuchPage
        noted = readings.is_noted(look.db, place.reading.id, sheet, shown)
    if not noted:
        note_pages(house, place.reading, {sheet}, shown, look.now)
    return with_clear(house, who, grant_id, place, made), place


def place_of(look: Looking, who: Who, grant_id: GrantId) -> Place:
    """The reading this person is at, judged now."""
    at = held(look.db, look.actor.area_id, grant_id, ACTION)
    look.require(ACTION, at.facts)
    believe(look.house, look.db, look.actor.area_id)
    reading = readings.newest(
        look.db, look.actor.area_id, grant_id, look.actor.person_id, who.session_id
    )
    if reading is None:
        raise NotReading
    if look.now < reading.begun_at:
        raise ClockDoubted("the clock went back behind the beginning of a reading")
    return Place(at, reading, mark(who, at, reading.begun_at, reading.copy))


def note_pages(
    house: House, reading: Reading, sheets: set[int], shown: Shown, now: datetime
) -> None:
    """Write down that these pages are shown, before they are."""
    with tending(house) as db:
        for sheet in sorted(sheets):
            readings.note_page(db, PageRead(reading.area_id, reading.id, sheet, shown, now))


def with_clear(
    house: House,
    who: Who,
    grant_id: GrantId,
    place: Place,
    made: Callable[[bytes, Stamp], T],
) -> T:
    """Open, prove, make, and ask once more whether it is still open."""
    with house.reading_room.seat():
        with looking(house, who.actor, grant_id) as look:
            last, clear = look.now, clear_copy(house, look, who, place.at)
        made_of_it = made(clear, place.mark)
        del clear
    with looking(house, who.actor, grant_id) as look:
        still_open(look, grant_id, last)
    return made_of_it
