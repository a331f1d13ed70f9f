"""The slot's chair approves exactly one version of the minutes, with an unused code (rule 51)."""

from __future__ import annotations

from portal.domain.deeds import Deed, line
from portal.domain.ids import SlotId, VersionId
from portal.journeys.changed import Changed
from portal.journeys.deed import doing, looking
from portal.journeys.house import House, Who
from portal.journeys.meetings.facts import minutes_facts
from portal.journeys.minutes.read_minutes import require_readable
from portal.journeys.signing_in.second_factor import spend
from portal.journeys.signing_in.touch import Given
from portal.policy.actions import Action
from portal.records import minutes

ACTION = Action.CHAIR_MINUTES_APPROVE


def approve_minutes(
    house: House, who: Who, slot_id: SlotId, version_id: VersionId, code: Given
) -> None:
    """Record the approval. Raises Changed when another version is filed by now, CodeRefused,
    Refused for anybody who does not chair this slot, or when approval was given."""
    area_id = who.actor.area_id
    with looking(house, who.actor, slot_id) as look:
        look.require(ACTION, minutes_facts(look.db, area_id, slot_id, ACTION))
        filed = minutes.load(look.db, area_id, slot_id)
        if filed is None or filed.version_id != version_id:
            raise Changed
        require_readable(look.db, filed, who)
    spend(house, who.actor, code)
    with doing(house, who.actor, ACTION, slot_id) as deed:
        deed.require(minutes_facts(deed.db, area_id, slot_id, ACTION))
        require_readable(deed.db, filed, who)
        if not minutes.approve(
            deed.db, area_id, slot_id, version_id, deed.actor.person_id, deed.now
        ):
            raise Changed
        deed.note(line(Deed.MINUTES_APPROVED, slot=slot_id, version=version_id))
