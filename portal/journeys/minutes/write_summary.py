"""The unit writes the draft of an executive summary; it is kept sealed, finished or not."""

from __future__ import annotations

import json
from dataclasses import asdict

from portal.domain.deeds import Deed, line
from portal.domain.ids import SlotId
from portal.domain.summaries import NotSummarised, Summary
from portal.journeys.changed import Changed
from portal.journeys.deed import doing
from portal.journeys.digests import keep_text, salted
from portal.journeys.house import House, Who
from portal.journeys.keys.unit_of import unit_behind
from portal.journeys.meetings.slots import scene_of
from portal.journeys.minutes.writing_summary import FIELD, newest_digest
from portal.journeys.restricted.about import about
from portal.journeys.unacceptable import Unacceptable
from portal.policy.actions import Action

ACTION = Action.UNIT_SUMMARY_WRITE
ELSEWHERE = (
    "Somebody else has saved this summary since you opened it. Look at what they wrote in another "
    "tab: if you save now, yours takes its place."
)


def write_summary(house: House, who: Who, slot_id: SlotId, summary: Summary, was: str) -> None:
    """Keep the draft. Raises Unacceptable, Changed where somebody else has saved, Refused."""
    try:
        summary.bounded()
    except NotSummarised as found:
        raise Unacceptable(found.field, found.words) from None
    with doing(house, who.actor, ACTION, slot_id) as deed:
        deed.require(about(deed, slot_id))
        scene_of(deed, slot_id, ACTION)
        if newest_digest(house, deed.db, deed.area_id, slot_id) != was:
            raise Changed(ELSEWHERE)
        text = salted(json.dumps(asdict(summary)))
        unit = unit_behind(house, deed.db, deed.area_id, slot_id)
        keep_text(deed, slot_id, FIELD, text, [unit.recipient])
        deed.note(line(Deed.SUMMARY_WRITTEN, slot=slot_id, text=text.digest))
