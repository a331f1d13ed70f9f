"""Accounts that nobody uses: which are closed for that, which are about to be, and since when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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
    """Four queries. Raises Refused."""
    area_id = who.actor.area_id
    with looking(house, who.actor) as look:
        look.require(Action.UNIT_PEOPLE_READ, InArea(area_id))
        area = area_of(look.db, area_id, Action.UNIT_PEOPLE_READ)
        everybody = people.of_area(look.db, area_id)
        agencies = people.agencies_of(look.db, area_id)
        known = uses.of_area(look.db, area_id)
        sleeping = asleep_by_rows(area, everybody.values(), known, look.now)
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


def asleep_by_rows(
    area: Area, of: Iterable[Person], known: Mapping[PersonId, Use], now: datetime
) -> set[PersonId]:
    """Who is asleep, for a list: as dormancy/asleep.py tells it of one person by the ledger."""
    living = [each for each in of if each.account is Account.ENROLLED and each.at_home]

    def is_over(person: Person) -> bool:
        use = known.get(person.id, Use(person.id, person.area_id, person.created_at))
        return now > sleeps_after(use.used_at, use.woken_at, area.dormant_days)

    over = {person.id for person in living if is_over(person)}
    coordinators = {person.id for person in living if Role.COORDINATOR in person.roles}
    return over if coordinators - over else over - coordinators


def asleep_in(db: Connection, area_id: AreaId, now: datetime) -> frozenset[PersonId]:
    """Whose account is closed because nobody used it. Three queries."""
    area = areas.load(db, area_id)
    if area is None:
        return frozenset()
    everybody, known = people.of_area(db, area_id), uses.of_area(db, area_id)
    return frozenset(asleep_by_rows(area, everybody.values(), known, now))


def dormant_days(house: House, who: Who) -> int:
    """After how many days an account closes in this area. Raises Refused."""
    action = Action.DECIDE_DORMANCY_LIMIT
    with looking(house, who.actor) as look:
        look.require(action, InArea(who.actor.area_id))
        return area_of(look.db, who.actor.area_id, action).dormant_days
