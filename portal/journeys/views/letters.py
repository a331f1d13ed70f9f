"""Notices that could not be delivered: whom the unit must ring instead."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from portal.domain.facts import InArea
from portal.domain.ids import CaseId
from portal.domain.people import Account
from portal.journeys.deed import Looking, looking
from portal.journeys.house import House, Who
from portal.journeys.restricted.about import hidden
from portal.policy.actions import Action
from portal.records import cases, outbox, people


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
        failed = undelivered_to_see(look, hidden(look))
        # Of whoever left and came back under the same address, the row that is theirs now.
        rows = sorted(
            people.of_area(look.db, area_id).values(),
            key=lambda one: one.account is not Account.LEFT,
        )
        known = {person.email: person for person in rows}
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


def undelivered_to_see(look: Looking, unseen: frozenset[CaseId]) -> list[outbox.Notice]:
    """Those that are about no case which is not there for whoever looks. What a letter is about
    stands in its reference, which a sending's begins with its case's."""
    failed = outbox.failed(look.db, look.actor.area_id)
    known = cases.of_area(look.db, look.actor.area_id) if unseen and failed else {}
    kept_from = [known[case_id].reference for case_id in unseen if case_id in known]
    return [
        notice
        for notice in failed
        if not any(_is_about(notice.fields.get("reference", ""), each) for each in kept_from)
    ]


def _is_about(told: str, reference: str) -> bool:
    return told == reference or told.startswith(f"{reference}-")
