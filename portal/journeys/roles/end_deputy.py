"""Somebody acts as deputy no more: a co-ordinator says so, or the time is over (MAPPA rule 60).

Their sessions end and the unit's key is taken back, unless they belong to the unit anyway. It only
takes away, so it asks for no code. What they decided stands, under their own name.
"""

from __future__ import annotations

from portal.domain.deeds import Deed, line
from portal.domain.facts import OfPerson
from portal.domain.ids import AreaId, PersonId
from portal.domain.people import UNIT, Person, system
from portal.journeys.deed import Doing, believe, doing, unjudged
from portal.journeys.house import House, Who
from portal.journeys.roles.name_deputy import told_of
from portal.journeys.signing_in.end_at_home import end_at_home
from portal.journeys.unacceptable import Unacceptable
from portal.notices.kinds import Kind
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import areas, database, deputies, keys, people

ACTION = Action.DECIDE_DEPUTY_END


def end_deputy(house: House, who: Who, person_id: PersonId) -> None:
    """Before its time, or before it begins. Raises Refused, or Unacceptable where there is none."""
    with doing(house, who.actor, ACTION, subject=person_id) as deed:
        person = people.load(deed.db, deed.area_id, person_id)
        if person is None:
            raise Refused(ACTION, Why.NOT_THERE)
        deed.require(OfPerson(person.area_id, person.id))
        if not _end(deed, person):
            raise Unacceptable("", "They act as deputy no more.")


def end_terms(house: House, area_id: AreaId) -> int:
    """Deal with what is over; returns how many. The role had ended at its moment. Raises
    ClockDoubted, RecordBehind."""
    with database.reading(house.engine) as db:
        believe(house, db, area_id)
        now = house.clock.now()
        if all(now < term.until_at for term in deputies.not_ended(db, area_id).values()):
            return 0
    with unjudged(house, system(area_id), Deed.DEPUTY_ENDED) as deed:
        believe(house, deed.db, area_id)
        known = people.of_area(deed.db, area_id)
        over = [
            known[term.person_id]
            for term in deputies.not_ended(deed.db, area_id).values()
            if term.until_at <= deed.now
        ]
        return sum(_end(deed, person) for person in over)


def _end(deed: Doing, person: Person) -> bool:
    if not deputies.end(deed.db, deed.area_id, person.id, deed.now):
        return False
    gone = 0
    if not person.roles & UNIT:
        gone = keys.remove_unit_wrap(deed.db, deed.area_id, person.id)
    end_at_home(deed.db, person)
    deed.note(line(Deed.DEPUTY_ENDED, person=person.id, wraps_deleted=gone))
    area = areas.load(deed.db, deed.area_id)
    if area is not None:
        for address in told_of(deed, area, person):
            deed.tell(Kind.DEPUTY_ENDED, address, area=area.name, path="/", phone=area.phone)
    return True
