"""End one's sessions elsewhere: one of them, or all but this."""

from __future__ import annotations

from portal.domain.deeds import Deed, line
from portal.domain.facts import InArea
from portal.journeys.deed import doing
from portal.journeys.house import House, Who
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import sessions
from portal.records.sessions import Stage


def end_other_sessions(house: House, who: Who, only: bytes | None = None) -> int:
    """Returns how many ended. `only` names one by its row; another person's does not exist here.

    Raises Refused.
    """
    action = Action.OWN_SESSION_END
    with doing(house, who.actor, action) as deed:
        deed.require(InArea(deed.area_id))
        living = [
            row.id
            for row in sessions.of_person(deed.db, who.actor.account_id)
            if row.stage is not Stage.ENDED and row.id != who.session_id
        ]
        ending = living if only is None else [row for row in living if row == only]
        if only is not None and not ending:
            raise Refused(action, Why.NOT_THERE)
        for row in ending:
            sessions.end(deed.db, row)
        deed.note(line(Deed.SESSION_CLOSED, person=who.actor.person_id))
    return len(ending)
