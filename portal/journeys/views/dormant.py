"""Accounts that nobody uses: which are closed for that, which are about to be, and since when."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from portal.domain.dormancy import WARN_BEFORE, sleeps_after
from portal.domain.facts import InArea, OfPerson
from portal.domain.ids import AreaId, PersonId
from portal.domain.people import Account, Agency, Area, Person, Role
from portal.journeys.deed import looking
from portal.journeys.house import House, Who
from portal.journeys.meetings.slots import area_of
from portal.journeys.roles.in_office import in_office
from portal.policy.actions import Action
from portal.records import areas, people, uses
from portal.records.uses import Use


@dataclass(frozen=True)
class DormantRow:
    """An account: when it was last used, until when it signs in, and whether that is over."""

    person: Person
    agency: Agency
    used_at: datetime
    sleeps: datetime
    asleep: bool
    may_wake: bool


@dataclass(frozen=True)
class DormantPage:
    """Closed ones first, then those that close within two weeks, by time and name."""

    days: int
    rows: tuple[DormantRow, ...]
    may_limit: bool


def dormant_page(house: House, who: Who) -> DormantPage:
    """Seven queries. Raises Refused."""
    area_id = who.actor.area_id
    with looking(house, who.actor) as look:
        look.require(Action.UNIT_PEOPLE_READ, InArea(area_id))
        area = area_of(look.db, area_id, Action.UNIT_PEOPLE_READ)
        everybody = people.of_area(look.db, area_id)
        agencies = people.agencies_of(look.db, area_id)
        known = uses.of_area(look.db, area_id)
        coordinators = in_office(look.db, area_id, {Role.COORDINATOR})
        sleeping = _asleep(area, everybody.values(), coordinators, known, look.now)
        rows = []
        for person in everybody.values():
            use = known.get(person.id, Use(person.id, area_id, person.created_at))
            sleeps = sleeps_after(use.used_at, use.woken_at, area.dormant_days)
            is_asleep = person.id in sleeping
            if person.account is not Account.ENROLLED or not person.at_home:
                continue
            if is_asleep or sleeps - WARN_BEFORE <= look.now <= sleeps:
                may = is_asleep and look.may(
                    Action.DECIDE_PERSON_WAKE, OfPerson(area_id, person.id)
                )
                agency = agencies[person.agency_id]
                rows.append(DormantRow(person, agency, use.used_at, sleeps, is_asleep, may))
        rows.sort(key=lambda r: (not r.asleep, r.sleeps, r.person.name))
        may_limit = look.may(Action.DECIDE_DORMANCY_LIMIT, InArea(area_id))
        return DormantPage(area.dormant_days, tuple(rows), may_limit)


def asleep_in(db: Connection, area_id: AreaId, now: datetime) -> frozenset[PersonId]:
    """Whose account is closed because nobody used it, for a list: as dormancy/asleep.py tells it of
    one person by the ledger. Six queries."""
    area = areas.load(db, area_id)
    if area is None:
        return frozenset()
    everybody, known = people.of_area(db, area_id), uses.of_area(db, area_id)
    coordinators = in_office(db, area_id, {Role.COORDINATOR})
    return _asleep(area, everybody.values(), coordinators, known, now)


def _asleep(
    area: Area,
    of: Iterable[Person],
    coordinators: Collection[Person],
    known: Mapping[PersonId, Use],
    now: datetime,
) -> frozenset[PersonId]:
    """`coordinators`: those of the area who could open the others' accounts."""

    def is_over(person: Person) -> bool:
        use = known.get(person.id, Use(person.id, person.area_id, person.created_at))
        # An account that another area keeps leaves no sign-ins in this area's ledger: as there.
        return not person.at_home or now > sleeps_after(
            use.used_at, use.woken_at, area.dormant_days
        )

    def stays(person: Person) -> bool:
        others = [other for other in coordinators if other.id != person.id]
        return Role.COORDINATOR in person.roles and all(is_over(other) for other in others)

    return frozenset(
        person.id
        for person in of
        if person.account is Account.ENROLLED
        and person.at_home
        and is_over(person)
        and not stays(person)
    )


def dormant_days(house: House, who: Who) -> int:
    """After how many days an account closes in this area. Raises Refused."""
    action = Action.DECIDE_DORMANCY_LIMIT
    with looking(house, who.actor) as look:
        look.require(action, InArea(who.actor.area_id))
        return area_of(look.db, who.actor.area_id, action).dormant_days
