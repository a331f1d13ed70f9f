"""A co-ordinator names somebody to act as deputy, from one moment until another (MAPPA rule 60).

With an unused code and a reason from a closed list; never themselves, and never somebody who
watches. The deputy acts with their own key: they are given the unit's from the co-ordinator's own
copy, and what they do stands under their own name. The role begins and ends by itself, judged in
every request. They, the unit and everybody who decides are told.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from portal.domain.clocks import london
from portal.domain.deeds import Deed, line
from portal.domain.facts import OfPerson
from portal.domain.ids import PersonId
from portal.domain.people import DECIDERS, UNIT, Account, Agency, Area, Person
from portal.domain.roles import LONGEST_TERM, NO_DEPUTY, DeputyReason
from portal.journeys.deed import Doing, doing, looking
from portal.journeys.house import House, Who
from portal.journeys.keys.directory import ConfirmedKey, confirmed_key, require_as_invited
from portal.journeys.meetings.slots import area_of
from portal.journeys.roles.change_roles import give_unit_key
from portal.journeys.signing_in.second_factor import spend
from portal.journeys.unacceptable import Unacceptable
from portal.notices.kinds import Kind
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import deputies, people

ACTION = Action.DECIDE_DEPUTY_NAME


@dataclass(frozen=True)
class ToName:
    """Whom the page is about."""

    person: Person
    agency: Agency


def to_name(house: House, who: Who, person_id: PersonId) -> ToName:
    """Raises Refused, KeyAlarm, or Unacceptable where this person can act for nobody now."""
    with looking(house, who.actor, subject=person_id) as look:
        person = _whose(look.db, who, person_id)
        look.require(ACTION, OfPerson(person.area_id, person.id))
        agency = people.load_agency(look.db, person.area_id, person.agency_id)
        if agency is None:
            raise Refused(ACTION, Why.NOT_THERE)
        _key_of(house, look.db, person)
        return ToName(person, agency)


def name_deputy(
    house: House,
    who: Who,
    person_id: PersonId,
    from_at: datetime,
    until_at: datetime,
    because: DeputyReason,
    code: str,
) -> None:
    """Times are aware; a beginning that is past is now. At most a quarter at once. Raises Refused,
    KeyAlarm, CodeRefused, or Unacceptable (`from_at`, `until`)."""
    to_name(house, who, person_id)
    _require_times(house.clock.now(), from_at, until_at)
    spend(house, who.actor, code)
    with doing(house, who.actor, ACTION, subject=person_id) as deed:
        person = _whose(deed.db, who, person_id)
        deed.require(OfPerson(person.area_id, person.id))
        begins = max(from_at, deed.now)
        _require_times(deed.now, begins, until_at)
        key = _key_of(house, deed.db, person)
        if not person.roles & UNIT:
            give_unit_key(deed, who, person.id, key.recipient)
        position = deed.note(
            line(
                Deed.DEPUTY_NAMED,
                person=person.id,
                from_at=begins.isoformat(),
                until=until_at.isoformat(),
                because=because.value,
            )
        )
        term = deputies.Term(person.id, deed.area_id, begins, until_at, position)
        deputies.save(deed.db, term)
        area = area_of(deed.db, deed.area_id, ACTION)
        ends = f"{london(until_at):%Y-%m-%dT%H:%M}"
        for address in told_of(deed, area, person):
            deed.tell(
                Kind.DEPUTY_NAMED, address, area=area.name, until=ends, path="/", phone=area.phone
            )


def told_of(deed: Doing, area: Area, person: Person) -> list[str]:
    """The deputy, the unit's mailbox, and everybody who decides."""
    everybody = people.of_area(deed.db, area.id).values()
    deciding = {
        each.email
        for each in everybody
        if each.account is Account.ENROLLED and each.roles & DECIDERS
    }
    return sorted({person.email, area.unit_email} | deciding)


def _whose(db: Connection, who: Who, person_id: PersonId) -> Person:
    person = people.load(db, who.actor.area_id, person_id)
    if person is None:
        raise Refused(ACTION, Why.NOT_THERE)
    return person


def _key_of(house: House, db: Connection, person: Person) -> ConfirmedKey:
    if person.account is not Account.ENROLLED:
        raise Unacceptable("", "This person has not joined yet, or has left.")
    if person.roles & NO_DEPUTY:
        raise Unacceptable(
            "", "Co-ordinators, deputies and those who watch cannot act for a time (rule 14)."
        )
    if deputies.not_ended(db, person.area_id).get(person.id) is not None:
        raise Unacceptable("", "They are named as deputy already. End that first.")
    require_as_invited(house, db, person, "")
    key = confirmed_key(house, db, person.area_id, person.id)
    if key is None:
        raise Unacceptable("", "Nobody has confirmed their key yet. Ring them and confirm it.")
    return key


def _require_times(now: datetime, from_at: datetime, until_at: datetime) -> None:
    if from_at > now + LONGEST_TERM:
        raise Unacceptable("from_at", "Choose a beginning within three months.")
    if not max(now, from_at) < until_at <= max(now, from_at) + LONGEST_TERM:
        raise Unacceptable("until", "Choose an end after the beginning, within three months of it.")
