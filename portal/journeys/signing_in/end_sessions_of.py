"""A coordinator signs somebody of the area out, everywhere and at once.

It only takes away, so it is done for whomever the area has now, also where another keeps the
account: that area's record says that they were signed out, and not by whom. Whoever has left the
area is not its to sign out.
"""

from __future__ import annotations

from portal.domain.deeds import Deed, line
from portal.domain.facts import OfPerson
from portal.domain.ids import PersonId
from portal.domain.people import Account
from portal.journeys.across.keeper import at_keeper, keeper_of
from portal.journeys.deed import doing
from portal.journeys.house import House, Who
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import people, sessions


def end_sessions_of(house: House, who: Who, person_id: PersonId) -> int | None:
    """Returns how many ended, None where that is another area's to know; what they were reading
    stops with them. Raises Refused, Changed."""
    action = Action.DECIDE_SESSION_END
    besides = keeper_of(house, who.actor.area_id, person_id)
    with doing(house, who.actor, action, subject=person_id, besides=besides) as deed:
        deed.require(OfPerson(deed.area_id, person_id))
        person = people.load(deed.db, deed.area_id, person_id)
        if person is None or person.account is not Account.ENROLLED:
            raise Refused(action, Why.NOT_THERE)
        ended = sessions.end_all(deed.db, person.account_id)
        deed.note(line(Deed.SESSION_CLOSED, person=person_id))
        elsewhere = at_keeper(deed, person, Deed.SESSION_CLOSED)
        if elsewhere is None:
            return ended
        kept, part = elsewhere
        part.note(line(Deed.SESSION_CLOSED, person=kept.id))
    return None
