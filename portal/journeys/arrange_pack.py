"""The unit arranges a pack: which papers, in what order, kept back from whom, open when.

Nothing is sent by it, and it may be done again until the pack goes. Papers not chosen stay where
they are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from portal.domain.deeds import Deed, line
from portal.domain.facts import InArea
from portal.domain.ids import PersonId, SlotId, VersionId
from portal.domain.meetings import Answer
from portal.journeys.changed import Changed
from portal.journeys.deed import doing
from portal.journeys.house import House, Who
from portal.journeys.proposing import available, setting
from portal.journeys.unacceptable import Unacceptable
from portal.policy.actions import Action
from portal.records import meetings, sendings

LONGEST = timedelta(days=184)


@dataclass(frozen=True)
class Arrangement:
    """The pack as it shall be: papers in order, who each is kept back from, when it opens."""

    order: Sequence[VersionId]
    kept_back: Mapping[PersonId, frozenset[VersionId]]
    opens_at: datetime
    closes_at: datetime


def arrange_pack(house: House, who: Who, slot_id: SlotId, to: Arrangement) -> None:
    """Keep the arrangement.

    Raises Unacceptable (`order`, `closes_at`), Changed when a paper or person in it is not there
    any more, KeyAlarm, Refused.
    """
    with doing(house, who.actor, Action.UNIT_PACK_ARRANGE, slot_id) as deed:
        deed.require(InArea(deed.area_id))
        at = setting(house, deed.db, deed.area_id, slot_id)
        if to.closes_at <= to.opens_at or to.closes_at <= deed.now:
            raise Unacceptable(
                "closes_at", "The pack must close after it opens, and later than now."
            )
        if to.closes_at > deed.now + LONGEST:
            raise Unacceptable("closes_at", "A pack may stay open for at most six months.")
        there = {paper.version.id for paper in available(deed.db, at)}
        invited = {
            invitation.person_id
            for invitation in meetings.invitations_to(deed.db, deed.area_id, slot_id)
            if invitation.answer is Answer.INVITED
        }
        named = {version for held in to.kept_back.values() for version in held}
        if not to.order or len(set(to.order)) != len(to.order):
            raise Unacceptable("order", "Choose at least one paper, and each only once.")
        if not {*to.order, *named} <= there or not set(to.kept_back) <= invited:
            raise Changed
        held = {person: versions for person, versions in to.kept_back.items() if versions}
        sendings.arrange(deed.db, deed.area_id, slot_id, to.order, held)
        sendings.save_times(
            deed.db, sendings.PackTimes(deed.area_id, slot_id, to.opens_at, to.closes_at)
        )
        deed.note(
            line(
                Deed.PACK_ARRANGED,
                slot=slot_id,
                papers=list(to.order),
                kept_back=[
                    f"{person} {version}"
                    for person in sorted(held)
                    for version in sorted(held[person])
                ],
            )
        )
