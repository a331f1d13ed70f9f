"""An account that nobody used is opened again, after its owner was spoken to.

By a co-ordinator or deputy, or by the single point of contact of the person's own agency, with an
unused code of theirs. The number to ring is the one that was recorded when the person was invited.
The owner still needs passphrase and code, and has a week to use them (MAPPA rule 81).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from portal.domain.deeds import Deed, line
from portal.domain.dormancy import WOKEN_LASTS, Checked
from portal.domain.ids import PersonId
from portal.domain.people import Person
from portal.journeys.agencies.colleague import about, colleague
from portal.journeys.deed import Doing, Looking, doing, looking
from portal.journeys.dormancy.asleep import asleep_since
from portal.journeys.house import House, Who
from portal.journeys.keys.directory import require_as_invited
from portal.journeys.meetings.slots import area_of
from portal.journeys.signing_in.second_factor import spend
from portal.journeys.unacceptable import Unacceptable
from portal.notices.kinds import Kind
from portal.policy.actions import Action
from portal.records import uses

ELSEWHERE = (
    "This person's account is kept by another MAPPA unit, and only that unit opens it again. "
    "When they sign in and it is closed, they are told which number to ring, and that unit is told."
)


@dataclass(frozen=True)
class ToWake:
    """Whom the page is about, with the number to ring, and since when they did not sign in."""

    person: Person
    since: datetime


def to_wake(house: House, who: Who, action: Action, person_id: PersonId) -> ToWake:
    """Raises Refused; KeyAlarm where name, roles or number are not those that were recorded; or
    Unacceptable where the account is open."""
    with looking(house, who.actor, subject=person_id) as look:
        person = colleague(look, person_id, action)
        look.require(action, about(action, person))
        return _sleeper(house, look, person)


def wake_person(
    house: House, who: Who, action: Action, person_id: PersonId, check: Checked, code: str
) -> datetime:
    """`action` is DECIDE_PERSON_WAKE or SPOC_PERSON_WAKE. Returns until when its owner can sign in
    for the first time. Raises Refused, KeyAlarm, CodeRefused, or Unacceptable."""
    to_wake(house, who, action, person_id)
    spend(house, who.actor, code)
    with doing(house, who.actor, action, subject=person_id) as deed:
        person = colleague(deed, person_id, action)
        deed.require(about(action, person))
        found = _sleeper(house, deed, person)
        uses.note(
            deed.db,
            uses.Use(person.id, person.area_id, found.since),
            woken_at=deed.now,
            warned_at=None,
            told_at=None,
        )
        deed.note(line(Deed.ACCOUNT_WOKEN, person=person.id, check=check.value))
        area = area_of(deed.db, deed.area_id, action)
        deed.tell(Kind.ACCOUNT_WOKEN, person.email, area=area.name, path="/", phone=area.phone)
        return deed.now + WOKEN_LASTS


def _sleeper(house: House, at: Looking | Doing, person: Person) -> ToWake:
    if not person.at_home:
        # Whether it is closed is known to the area that keeps it, which goes by its own time.
        raise Unacceptable("", ELSEWHERE)
    since = asleep_since(at.db, person, at.now)
    if since is None:
        raise Unacceptable("", "This account is open. They can sign in.")
    # The number that is rung decides who comes in: it must be the one that was recorded.
    require_as_invited(house, at.db, person, "")
    return ToWake(person, since)
