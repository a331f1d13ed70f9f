"""A coordinator withdraws a standing instruction: from then on late reports wait for somebody."""

from __future__ import annotations

from portal.domain.deeds import Deed, line
from portal.domain.ids import SendingId
from portal.journeys.deed import doing
from portal.journeys.house import House, Who
from portal.journeys.restricted.about import about
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import instructions

ACTION = Action.DECIDE_STANDING_WITHDRAW


def withdraw_standing(house: House, who: Who, sending_id: SendingId) -> None:
    """What went out by it stays as it is. Raises Refused, also where there is none to withdraw."""
    with doing(house, who.actor, ACTION, sending_id) as deed:
        deed.require(about(deed, sending_id))
        if not instructions.withdraw(deed.db, deed.area_id, sending_id, deed.now):
            raise Refused(ACTION, Why.NOT_THERE)
        deed.note(line(Deed.STANDING_WITHDRAWN, sending=sending_id))
