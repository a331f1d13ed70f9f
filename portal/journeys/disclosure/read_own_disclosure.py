"""Whoever asked to pass a paper on sees what they asked, and what became of it (rules 63, 73).

Their own requests only. What they wrote, and the reply, is sealed to them; each reading leaves
its line first.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from portal.domain.deeds import Deed, line
from portal.domain.ids import DisclosureId
from portal.journeys.deed import doing, looking
from portal.journeys.disclosure.deciding import REPLY, REQUEST, read_written
from portal.journeys.disclosure.requested import Requested, requested
from portal.journeys.house import House, Who
from portal.policy.actions import Action
from portal.records import sendings

ACTION = Action.READER_DISCLOSURE_SEE


@dataclass(frozen=True)
class OwnDisclosure:
    """A request as its asker sees it. `closes_at`: until when the receiver can read, or None
    where nothing is given, or where their days have not begun."""

    wish: Requested
    asked: Mapping[str, str]
    reply: str
    closes_at: datetime | None


def read_own_disclosure(house: House, who: Who, request_id: DisclosureId) -> OwnDisclosure:
    """Raises Refused (not there) for anybody who did not ask for this."""
    area_id = who.actor.area_id
    with doing(house, who.actor, ACTION, request_id) as deed:
        deed.require(requested(deed.db, area_id, request_id, ACTION).facts)
        deed.note(line(Deed.DISCLOSURE_READ, request=request_id, copy=""))
    with looking(house, who.actor, request_id) as look:
        wish = requested(look.db, area_id, request_id, ACTION)
        identities = list(who.identities())
        asked = read_written(house, look.db, area_id, request_id, REQUEST, identities)
        reply = read_written(house, look.db, area_id, request_id, REPLY, identities)
        sending_id = wish.disclosure.sending_id
        given = (
            [] if sending_id is None else sendings.grants_of_sending(look.db, area_id, sending_id)
        )
    return OwnDisclosure(wish, asked, reply.get("reply", ""), given[0].closes_at if given else None)
