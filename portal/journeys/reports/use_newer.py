"""The unit takes a corrected version into the pack, in place of the one it corrects (rule 57).

Only by this does an arrangement change its version: what comes in changes nothing by itself. The
place, the people it was chosen for and how it goes stay as they are. Nothing is sent by it.
"""

from __future__ import annotations

from portal.domain.ids import SlotId, VersionId
from portal.journeys.changed import Changed
from portal.journeys.deed import doing
from portal.journeys.house import House, Who
from portal.journeys.packs.arrange_pack import keep_arranged
from portal.journeys.packs.proposing import available, setting
from portal.journeys.restricted.about import about
from portal.policy.actions import Action
from portal.records import arrangements


def use_newer(house: House, who: Who, slot_id: SlotId, version_id: VersionId) -> None:
    """Put this version into the arrangement.

    Raises Changed unless it is the newest of a paper that is arranged in an earlier version, so
    that nothing newer than what was looked at comes in; KeyAlarm, Refused.
    """
    with doing(house, who.actor, Action.UNIT_PACK_ARRANGE, slot_id) as deed:
        deed.require(about(deed, slot_id))
        at = setting(house, deed.db, deed.area_id, slot_id)
        found = [
            paper
            for paper in available(deed.db, at)
            if paper.newer is not None and paper.newer.id == version_id
        ]
        if not found:
            raise Changed
        old = found[0].version.id
        swap = {old: version_id}
        entries = arrangements.items_of(deed.db, deed.area_id, slot_id)
        given = arrangements.given_in(deed.db, deed.area_id, slot_id)
        keep_arranged(
            deed,
            slot_id,
            [swap.get(entry.version_id, entry.version_id) for entry in entries],
            {
                person: frozenset(swap.get(each, each) for each in papers)
                for person, papers in given.items()
            },
            {
                swap.get(entry.version_id, entry.version_id): entry.others
                for entry in entries
                if entry.others is not None
            },
        )
