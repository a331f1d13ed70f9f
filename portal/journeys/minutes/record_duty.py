"""A coordinator records why somebody who was not there needs to see the minutes (rule 53).

A duty to consider names a person, a reason and an end. It gives nothing by itself: the minutes
go when they are sent, to those who attended and to those with a recorded duty.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from portal.domain.deeds import Deed, line
from portal.domain.ids import PersonId, SlotId
from portal.domain.minutes import Duty
from portal.domain.people import Account
from portal.journeys.deed import doing
from portal.journeys.digests import field_at, keep_text, salted
from portal.journeys.house import House, Who
from portal.journeys.keys.unit_of import unit_behind
from portal.journeys.restricted.about import about
from portal.journeys.unacceptable import Unacceptable
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import meetings, minutes, people

SHORTEST_REASON = 20
LONGEST = timedelta(days=184)


def record_duty(
    house: House, who: Who, slot_id: SlotId, person_id: PersonId, reason: str, until: datetime
) -> Duty:
    """Record it, replacing an earlier one of the same person. Raises Unacceptable, Refused."""
    action = Action.DECIDE_DUTY_RECORD
    if len(reason.strip()) < SHORTEST_REASON:
        raise Unacceptable(
            "reason", "Say what duty they have: what they must consider, and why they must."
        )
    with doing(house, who.actor, action, slot_id) as deed:
        deed.require(about(deed, slot_id))
        person = people.load(deed.db, deed.area_id, person_id)
        slot = meetings.load_slot(deed.db, deed.area_id, slot_id)
        if slot is None or person is None or person.account is Account.LEFT:
            raise Refused(action, Why.NOT_THERE)
        if not deed.now < until <= deed.now + LONGEST:
            raise Unacceptable("until", "Choose a day after today, within six months.")
        given = salted(reason)
        unit = unit_behind(house, deed.db, deed.area_id, slot_id)
        duty = Duty(deed.area_id, slot_id, person_id, deed.actor.person_id, deed.now, until)
        minutes.save_duty(deed.db, duty)
        keep_text(deed, slot_id, field_at("duty", deed.now), given, [unit.recipient])
        deed.note(
            line(
                Deed.DUTY_RECORDED,
                slot=slot_id,
                person=person_id,
                reason=given.digest,
                until=until.isoformat(),
            )
        )
    return duty
