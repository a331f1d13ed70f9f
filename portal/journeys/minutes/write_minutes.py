"""The unit writes one section of the minutes' form, finished or not (rules 43 to 49).

What is typed is sealed to the unit and kept at every step; only its digest stands in the ledger.
Two people who write the same section do not overwrite each other unseen.
"""

from __future__ import annotations

import json

from portal.domain.deeds import Deed, line
from portal.domain.ids import SlotId
from portal.domain.minutes_form import (
    LONGEST_ALL,
    Missing,
    NotWritable,
    Section,
    Written,
    missing,
    tidied,
)
from portal.journeys.changed import Changed
from portal.journeys.deed import doing
from portal.journeys.digests import keep_text, salted
from portal.journeys.house import House, Who
from portal.journeys.keys.unit_of import unit_behind
from portal.journeys.meetings.facts import minutes_facts
from portal.journeys.minutes.writing import field_of, newest_digests
from portal.journeys.unacceptable import Unacceptable
from portal.policy.actions import Action

ACTION = Action.UNIT_MINUTES_WRITE
ELSEWHERE = (
    "Somebody else has saved this section since you opened it. Look at what they wrote in another "
    "tab: if you save now, yours takes its place."
)


def write_minutes(
    house: House, who: Who, slot_id: SlotId, section: Section, typed: Written, was: str
) -> tuple[Missing, ...]:
    """Keep what was typed; returns what the section still lacks, empty when it is complete.

    `was` is the section's digest when the page was made. Raises Unacceptable for a text that
    cannot be kept, Changed where somebody else has saved meanwhile, Refused once the chair has
    approved; then nothing was kept.
    """
    try:
        written = tidied(section, typed)
    except NotWritable as found:
        raise Unacceptable(found.field, found.words) from None
    if sum(map(len, written.values())) > LONGEST_ALL // 2:
        raise Unacceptable("", "This is too long for one section. Shorten it, then save it.")
    with doing(house, who.actor, ACTION, slot_id) as deed:
        deed.require(minutes_facts(deed.db, deed.area_id, slot_id, ACTION))
        if newest_digests(house, deed.db, deed.area_id, slot_id).get(section, "") != was:
            raise Changed(ELSEWHERE)
        unit = unit_behind(house, deed.db, deed.area_id, slot_id)
        text = salted(json.dumps(written))
        keep_text(deed, slot_id, field_of(section), text, [unit.recipient])
        deed.note(
            line(
                Deed.MINUTES_WRITTEN,
                slot=slot_id,
                section=section.value,
                text=text.digest,
            )
        )
    return missing(section, written)
