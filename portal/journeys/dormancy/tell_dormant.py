"""Letters about accounts that nobody uses: to their owners two weeks before, to those who speak for
their agencies when it happened (MAPPA rule 81).

Nothing is closed here: that is judged when somebody comes. Each letter goes once, with a line.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from portal.domain.clocks import london
from portal.domain.deeds import Deed, line
from portal.domain.dormancy import WARN_BEFORE, sleeps_after
from portal.domain.ids import AreaId
from portal.domain.people import Account, Area, Person, system
from portal.journeys.deed import Doing, believe, unjudged
from portal.journeys.dormancy.asleep import asleep_since
from portal.journeys.dormancy.spokespeople import tell_spokespeople
from portal.journeys.house import House
from portal.notices.kinds import Kind
from portal.records import areas, database, people, uses
from portal.records.uses import Use

AT_ONCE = 50


@dataclass(frozen=True)
class _Due:
    """Somebody to be told of: `warn`, or told that it happened."""

    person: Person
    use: Use
    sleeps: datetime
    warn: bool


def tell_dormant(house: House, area_id: AreaId) -> int:
    """Tell whoever is to be told; returns of how many accounts. Raises ClockDoubted,
    RecordBehind."""
    with database.reading(house.engine) as db:
        believe(house, db, area_id)
        if not _due(db, area_id, house.clock.now()):
            return 0
    with unjudged(house, system(area_id), Deed.DORMANCY_WARNED, Deed.ACCOUNT_DORMANT) as deed:
        believe(house, deed.db, area_id)
        area = areas.load(deed.db, area_id)
        due = _due(deed.db, area_id, deed.now)[:AT_ONCE]
        if area is not None:
            for each in due:
                _tell(deed, area, each)
    return len(due)


def _due(db: Connection, area_id: AreaId, now: datetime) -> list[_Due]:
    area = areas.load(db, area_id)
    if area is None:
        return []
    known, found = uses.of_area(db, area_id), []
    for person in people.of_area(db, area_id).values():
        if person.account is not Account.ENROLLED or not person.at_home:
            continue
        use = known.get(person.id, Use(person.id, area_id, person.created_at))
        sleeps = sleeps_after(use.used_at, use.woken_at, area.dormant_days)
        if now > sleeps and use.told_at is None:
            # Rows are for the list; whether the account is closed is the ledger's to say.
            if asleep_since(db, person, now) is not None:
                found.append(_Due(person, use, sleeps, warn=False))
        elif sleeps - WARN_BEFORE <= now <= sleeps and use.warned_at is None:
            found.append(_Due(person, use, sleeps, warn=True))
    return found


def _tell(deed: Doing, area: Area, due: _Due) -> None:
    person = due.person
    if due.warn:
        uses.note(deed.db, due.use, warned_at=deed.now)
        deed.note(line(Deed.DORMANCY_WARNED, person=person.id, until=due.sleeps.isoformat()))
        deed.tell(
            Kind.ACCOUNT_CLOSES_SOON,
            person.email,
            area=area.name,
            date=london(due.sleeps).date().isoformat(),
            path="/",
            phone=area.phone,
        )
        return
    uses.note(deed.db, due.use, told_at=deed.now)
    deed.note(line(Deed.ACCOUNT_DORMANT, person=person.id, since=due.use.used_at.isoformat()))
    if not tell_spokespeople(deed, Kind.ACCOUNT_DORMANT, area, person):
        deed.tell(
            Kind.ACCOUNT_DORMANT, area.unit_email, area=area.name, path="/unit/people/dormant"
        )
