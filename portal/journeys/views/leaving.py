"""One page for what must happen when somebody who held the unit's key holds it no more.

In order, each with its state: their access, the unit's key, what is sealed to the former one, the
recovery kit, what they set going; and honestly what they could open until when.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from portal.domain.deeds import Deed
from portal.domain.facts import InArea
from portal.domain.ids import PersonId
from portal.domain.people import Person
from portal.journeys.deed import looking
from portal.journeys.house import House, Who
from portal.journeys.keys.leavers import Leaver, leavers_since
from portal.journeys.keys.proven import proven_line
from portal.journeys.keys.rewrap_unit import left_to_rewrap
from portal.journeys.keys.unit_recipient import unit_recipient
from portal.ledger import book
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import authored, deputies, people

ACTION = Action.DECIDE_UNIT_KEY_CHANGE


@dataclass(frozen=True)
class Leaving:
    """`key_changed`: since they left; then `left` papers and texts are still sealed to the former.
    `kit_at`: when the newest recovery kit was read back, `kit_renewed` whether that was since.
    Numbers of what they set going and what still runs: joining words, instructions for late
    reports, deputies they named."""

    person: Person
    leaver: Leaver
    key_changed: bool
    left: int
    kit_at: datetime
    kit_renewed: bool
    words: int
    instructions: int
    deputies: int


def leaving(house: House, who: Who, person_id: PersonId) -> Leaving:
    """Raises Refused, also where this person never held the key or still does; KeyAlarm."""
    area_id = who.actor.area_id
    with looking(house, who.actor, subject=person_id) as look:
        look.require(ACTION, InArea(area_id))
        person = people.load(look.db, area_id, person_id)
        ended = [e for e in leavers_since(look.db, area_id, -1) if e.person_id == person_id]
        kit = book.newest_of(look.db, area_id, Deed.KIT_READ_BACK.value)
        if person is None or not ended or kit is None:
            raise Refused(ACTION, Why.NOT_THERE)
        unit = unit_recipient(house, look.db, area_id)
        named = [
            told
            for term in deputies.not_ended(look.db, area_id).values()
            if (told := proven_line(house, look.db, area_id, term.ledger_position)) is not None
            and told["actor"] == person_id
        ]
        return Leaving(
            person=person,
            leaver=ended[-1],
            key_changed=unit.since > ended[-1].position,
            left=left_to_rewrap(look.db, area_id, unit.fingerprint),
            kit_at=kit.recorded_at,
            kit_renewed=kit.position > ended[-1].position,
            words=authored.words_given(look.db, area_id, person_id),
            instructions=authored.instructions_signed(look.db, area_id, person_id),
            deputies=len(named),
        )
