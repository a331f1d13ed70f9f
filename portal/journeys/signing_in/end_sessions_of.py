"""A coordinator signs somebody of the area out, everywhere and at once."""

from __future__ import annotations

from portal.domain.deeds import Deed, line
from portal.domain.facts import OfPerson
from portal.domain.ids import PersonId
from portal.journeys.agencies.at_home import require_at_home
from portal.journeys.deed import doing
from portal.journeys.house import House, Who
from portal.journeys.signing_in.end_at_home import end_at_home
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import people


def end_sessions_of(house: House, who: Who, person_id: PersonId) -> int:
    """Returns how many ended; what they were reading stops with them. Raises Refused."""
    action = Action.DECIDE_SESSION_END
    with doing(house, who.actor, action, subject=person_id) as deed:
        deed.require(OfPerson(deed.area_id, person_id))
        person = people.load(deed.db, deed.area_id, person_id)
        if person is None:
            raise Refused(action, Why.NOT_THERE)
        require_at_home(person)
        ended = end_at_home(deed.db, person)
        deed.note(line(Deed.SESSION_CLOSED, person=person_id))
    return ended
