"""Whether somebody acts as deputy now: a row, its proven line, and the time (MAPPA rules 14, 60).

It is looked at in every request, so the role ends by itself at its moment; the timer that takes the
unit's key back only follows. A row that somebody writes has no line, and counts for nothing.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from portal.domain.deeds import Deed
from portal.domain.people import Person, Role
from portal.journeys.house import House
from portal.journeys.keys.proven import proven_line
from portal.ledger import leaf, search
from portal.records import deputies
from portal.records.deputies import Term


def acting_term(house: House, db: Connection, person: Person, now: datetime) -> Term | None:
    """The term in which this person acts as deputy at `now`; None where there is none."""
    term = deputies.of_person(db, person.area_id, person.id)
    if term is None or term.ended_at is not None or not term.from_at <= now < term.until_at:
        return None
    told = proven_line(house, db, person.area_id, term.ledger_position)
    if (
        told is None
        or told["deed"] != Deed.DEPUTY_NAMED.value
        or told["person"] != person.id
        or told["from_at"] != term.from_at.isoformat()
        or told["until"] != term.until_at.isoformat()
    ):
        return None
    ended = search.mentions(
        db,
        person.area_id,
        [Deed.DEPUTY_ENDED.value, Deed.PERSON_LEFT.value],
        person.id.encode(),
        after=term.ledger_position,
    )
    return None if any(leaf.decode(each)["person"] == person.id for each in ended) else term


def roles_now(house: House, db: Connection, person: Person, now: datetime) -> frozenset[Role]:
    """The person's roles with the one they hold for a time."""
    acts = acting_term(house, db, person, now) is not None
    return person.roles | {Role.DEPUTY} if acts else person.roles
