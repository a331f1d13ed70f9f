"""Whether somebody who is to join has joined before, by the record: nobody joins twice.

A row says that somebody was only invited, and a link is a row as well, so whoever writes to the
database could join in the place of anybody. The record says who joined, with which key, and whether
they were let begin anew since. Where it says that they joined, or left, a link of theirs is as good
as used, and the unit is told of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection

from portal.domain.deeds import Deed
from portal.domain.ids import AreaId, PersonId
from portal.domain.people import Person
from portal.identity.invitation import NotUsable
from portal.journeys.deed import tending
from portal.journeys.giving.ended import has_left
from portal.journeys.house import House
from portal.journeys.keys.alarm import raise_alarm
from portal.journeys.keys.directory import KeyAlarm
from portal.journeys.keys.proven import proven_line
from portal.ledger import leaf, search
from portal.records import sessions
from portal.records.database import reading

JOINS = (Deed.PERSON_JOINED, Deed.KEY_REGISTERED, Deed.KEY_CHANGED)


class JoinedBefore(NotUsable):
    """The record says so of whom a link is for. `alarm` is what the unit is told."""

    def __init__(self, area_id: AreaId, alarm: KeyAlarm) -> None:
        super().__init__("joined before")
        self.area_id = area_id
        self.alarm = alarm


def require_joins_first(house: House, db: Connection, person: Person) -> None:
    """Raise JoinedBefore where the record says that this person has joined and was not let begin
    anew since, or has left."""
    if (key := _key_of(house, db, person)) is not None:
        raise JoinedBefore(person.area_id, KeyAlarm(person.id, "", key))
    if has_left(db, person.area_id, person.id):
        raise JoinedBefore(person.area_id, KeyAlarm(person.id, "", ""))


@contextmanager
def telling(house: House) -> Iterator[None]:
    """Around a transaction: where it met JoinedBefore, the unit is told once for each link, which
    is used up by that."""
    try:
        yield
    except JoinedBefore as met:
        whose = met.alarm.person_id
        with reading(house.engine) as db:
            link = sessions.link_of(db, whose)
        if link is not None and link.used_at is None:
            raise_alarm(house, met.area_id, met.alarm)
            with tending(house) as db:
                sessions.spend_links(db, whose, house.clock.now())
        raise


def _key_of(house: House, db: Connection, person: Person) -> str | None:
    """The fingerprint with which they joined last (empty where only the joining is told); None
    where they have not, or may join again.

    That they joined is believed as it stands, for it only takes away; what lets them join again is
    proven.
    """
    about = {"person": person.id}
    lines = [search.newest_about(db, person.area_id, deed.value, about) for deed in JOINS]
    found = sorted((each for each in lines if each is not None), key=lambda each: each.position)
    if not found or _began_anew(house, db, person.area_id, person.id, found[-1].position):
        return None
    told = [leaf.decode(each.leaf) for each in reversed(found)]
    return next((str(each["fingerprint"]) for each in told if "fingerprint" in each), "")


def _began_anew(
    house: House, db: Connection, area_id: AreaId, person_id: PersonId, since: int
) -> bool:
    """Whether, after the line at `since`, two coordinators let them begin anew; or a backup from
    before that line was put back, and their key was lost with its rows."""
    renewed = search.newest_about(db, area_id, Deed.PERSON_RENEWED.value, {"person": person_id})
    if renewed is not None and renewed.position > since:
        return proven_line(house, db, area_id, renewed.position) is not None
    for each in search.of_deeds(db, area_id, [Deed.BACKUP_RESTORED.value], lambda _told: True):
        if each.position > since:
            told = proven_line(house, db, area_id, each.position)
            held = None if told is None else told.get("lines")
            if isinstance(held, int) and held <= since:
                return True
    return False
