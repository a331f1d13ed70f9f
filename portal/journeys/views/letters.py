"""Notices that could not be delivered: whom the unit must ring instead."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from portal.domain.facts import InArea
from portal.journeys.deed import looking
from portal.journeys.house import House, Who
from portal.policy.actions import Action
from portal.records import outbox, people


@dataclass(frozen=True)
class Undelivered:
    """Who was written to (the name is empty for an address that is nobody's account), which
    letter it was, and since when it has waited."""

    name: str
    phone: str
    address: str
    letter: str
    made_at: datetime
    tries: int


def undelivered(house: House, who: Who) -> tuple[Undelivered, ...]:
    """What was given up in the actor's area, newest first. Raises Refused."""
    area_id = who.actor.area_id
    with looking(house, who.actor) as look:
        look.require(Action.UNIT_BOARD_READ, InArea(area_id))
        failed = outbox.failed(look.db, area_id)
        known = {person.email: person for person in people.of_area(look.db, area_id).values()}
    told = []
    for notice in sorted(failed, key=lambda each: each.made_at, reverse=True):
        person = known.get(notice.address)
        told.append(
            Undelivered(
                person.name if person else "",
                person.phone if person else "",
                notice.address,
                notice.letter,
                notice.made_at,
                notice.tries,
            )
        )
    return tuple(told)
