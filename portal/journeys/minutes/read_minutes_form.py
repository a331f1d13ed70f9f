"""The unit reads what is written for the minutes so far: the line first, then the words."""

from __future__ import annotations

from portal.domain.deeds import Deed, line
from portal.domain.ids import SlotId
from portal.journeys.deed import doing, looking
from portal.journeys.house import House, Who
from portal.journeys.keys.unit_of import open_unit_behind
from portal.journeys.meetings.facts import minutes_facts
from portal.journeys.minutes.writing import WrittenForm, written_form
from portal.policy.actions import Action


def read_minutes_form(house: House, who: Who, slot_id: SlotId) -> WrittenForm:
    """Raises Refused (also once the chair has approved), KeyAlarm or Spoilt."""
    action = Action.UNIT_MINUTES_WRITE
    area_id = who.actor.area_id
    with looking(house, who.actor, slot_id) as look:
        look.require(action, minutes_facts(look.db, area_id, slot_id, action))
    with doing(house, who.actor, action, slot_id) as deed:
        deed.require(minutes_facts(deed.db, area_id, slot_id, action))
        deed.note(line(Deed.MINUTES_FORM_READ, slot=slot_id))
    with looking(house, who.actor, slot_id) as look:
        unit = open_unit_behind(house, look.db, who, slot_id)
        return written_form(house, look.db, area_id, slot_id, unit.key.openers())
