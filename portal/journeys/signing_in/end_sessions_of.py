"""A coordinator signs somebody of the area out, everywhere and at once.

It only takes away, so it is done for whomever the area has now, also where another keeps the
account: that area's record says that they were signed out, and not by whom. Whoever has left the
area is not its to sign out.
"""

from __future__ import annotations

from portal.domain.deeds import Deed, line
from portal.domain.facts import OfPerson
from portal.domain.ids import AreaId, PersonId
from portal.domain.people import Account, system
from portal.journeys.changed import Changed
from portal.journeys.deed import doing
from portal.journeys.house import House, Who
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import people, sessions
from portal.records.database import reading


def end_sessions_of(house: House, who: Who, person_id: PersonId) -> int | None:
    """Returns how many ended, None where that is another area's to know; what they were reading
    stops with them. Raises Refused, Changed."""
    action = Action.DECIDE_SESSION_END
    besides = _keeper(house, who.actor.area_id, person_id)
    with doing(house, who.actor, action, subject=person_id, besides=besides) as deed:
        deed.require(OfPerson(deed.area_id, person_id))
        person = people.load(deed.db, deed.area_id, person_id)
        if person is None or person.account is not Account.ENROLLED:
            raise Refused(action, Why.NOT_THERE)
        ended = sessions.end_all(deed.db, person.account_id)
        deed.note(line(Deed.SESSION_CLOSED, person=person_id))
        if person.at_home:
            return ended
        keeper = people.at_home(deed.db, person.account_id)
        if keeper is None or keeper.area_id not in deed.locked:
            raise Changed
        part = deed.beside(system(keeper.area_id), Deed.SESSION_CLOSED)
        part.note(line(Deed.SESSION_CLOSED, person=keeper.id))
    return None


def _keeper(house: House, area_id: AreaId, person_id: PersonId) -> list[AreaId]:
    """The other area that keeps the account, if one does. Nobody is told of it."""
    with reading(house.engine) as db:
        person = people.load(db, area_id, person_id)
        if person is None or person.account is not Account.ENROLLED or person.at_home:
            return []
        keeper = people.at_home(db, person.account_id)
    return [] if keeper is None else [keeper.area_id]
