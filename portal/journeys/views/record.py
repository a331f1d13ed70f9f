"""What the record can be narrowed by, and the receipt of one line.

A receipt holds hashes and a signed checkpoint, nothing of the line itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from portal.domain.facts import InArea
from portal.journeys.deed import looking
from portal.journeys.house import House, Who
from portal.journeys.restricted.about import hidden_in_record
from portal.ledger import book
from portal.ledger.errors import LedgerError
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import cases, meetings, people


@dataclass(frozen=True)
class Choices:
    """People (id, name), cases (id, reference) and meetings (id, reference, time) of the area."""

    people: tuple[tuple[str, str], ...]
    cases: tuple[tuple[str, str], ...]
    slots: tuple[tuple[str, str, datetime], ...]


def record_choices(house: House, who: Who) -> Choices:
    """What may be chosen from. Raises Refused."""
    area_id = who.actor.area_id
    with looking(house, who.actor) as look:
        look.require(Action.RECORD_READ, InArea(area_id))
        known = cases.of_area(look.db, area_id)
        kept_from = hidden_in_record(look.db, look.actor)
        known = {key: case for key, case in known.items() if key not in kept_from}
        heard = meetings.slots_of_area(look.db, area_id)
        everyone = people.of_area(look.db, area_id)
    return Choices(
        tuple((person.id, person.name) for person in everyone.values()),
        tuple((case.id, case.reference) for case in known.values()),
        tuple(
            (slot.id, known[slot.case_id].reference, slot.starts_at)
            for slot in reversed(heard)
            if slot.case_id in known
        ),
    )


def line_receipt(house: House, who: Who, position: int) -> str:
    """The receipt of the line at `position`, under the newest checkpoint. Raises Refused."""
    with looking(house, who.actor) as look:
        look.require(Action.RECORD_READ, InArea(who.actor.area_id))
        try:
            return book.receipt(look.db, who.actor.area_id, position)
        except LedgerError:
            raise Refused(Action.RECORD_READ, Why.NOT_THERE) from None
