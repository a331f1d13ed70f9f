"""Sign out: the session's keyring goes at once, and the line says so."""

from __future__ import annotations

from portal.domain.deeds import Deed, line
from portal.domain.facts import InArea
from portal.journeys.deed import doing, tending
from portal.journeys.house import House, Who
from portal.journeys.signing_in.recall import Recalled
from portal.policy.actions import Action
from portal.records import sessions


def sign_out(house: House, who: Who) -> None:
    """End this session. It works while the clock is in doubt: it only takes access away."""
    with doing(house, who.actor, Action.OWN_SESSION_END) as deed:
        deed.require(InArea(deed.area_id))
        sessions.end(deed.db, who.session_id)
        deed.note(line(Deed.SESSION_CLOSED, person=who.actor.person_id))


def abandon(house: House, half: Recalled) -> None:
    """Drop a session that never became a whole one: nobody signed in, so there is no line."""
    with tending(house) as db:
        sessions.end(db, half.session.id)
