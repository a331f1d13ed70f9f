"""A second coordinator approves: somebody who lost all they sign in with begins anew.

Their old keyring and every way to unlock it go, with their second factors, their sessions and every
wrap of theirs. Their old public key is kept for what it signed, and the ledger says that it ended:
rows that bring it back change nothing. They join again by a link, for the same account; their new
key receives nothing until a coordinator has confirmed its words. What is still open waits for that,
and is then given by a coordinator's click, as to anybody whose key was waited for.

Neither of the two coordinators learns a secret of theirs, and neither can do it alone.
"""

from __future__ import annotations

from dataclasses import dataclass

from portal.domain.deeds import Deed
from portal.domain.ids import PersonId
from portal.domain.people import SYSTEM, UNIT, Account, Person, system
from portal.journeys.across.move_home import living_elsewhere, other_areas
from portal.journeys.agencies.at_home import require_at_home
from portal.journeys.changed import Changed
from portal.journeys.deed import Doing, doing, looking
from portal.journeys.house import House, Who
from portal.journeys.joining.new_account import link_for
from portal.journeys.keys.confirmers import confirmers
from portal.journeys.keys.directory import require_as_invited
from portal.journeys.keys.end_key import end_key
from portal.journeys.keys.forget_secrets import forget_secrets
from portal.journeys.keys.proof_person import proofing_of
from portal.journeys.meetings.slots import area_of
from portal.journeys.signing_in.second_factor import spend
from portal.notices.kinds import Kind
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import (
    people,
)

ACTION = Action.DECIDE_PERSON_RENEW


@dataclass(frozen=True)
class Renewed:
    """How many copies wait for the new key. `held_unit_key`: whoever has the old keyring and a copy
    of the database from before can open the unit's papers, so the unit's key should be changed."""

    waiting: int
    held_unit_key: bool


def renew_person(house: House, who: Who, person_id: PersonId, code: str) -> Renewed:
    """Raises Refused, CodeRefused, KeyAlarm or Changed; then nothing has changed."""
    area_id = who.actor.area_id
    with looking(house, who.actor, subject=person_id) as look:
        found = proofing_of(house, look.db, area_id, person_id)
        if found is None:
            raise Refused(ACTION, Why.NOT_THERE)
        look.require(ACTION, found.facts)
    spend(house, who.actor, code)
    besides = other_areas(house, area_id, [person_id])
    with doing(house, who.actor, ACTION, subject=person_id, besides=besides) as deed:
        found = proofing_of(house, deed.db, area_id, person_id)
        person = people.load(deed.db, area_id, person_id)
        if found is None or person is None or person.account is not Account.ENROLLED:
            raise Refused(ACTION, Why.NOT_THERE)
        deed.require(found.facts)
        require_as_invited(house, deed.db, person, "")
        require_at_home(person)
        vouched = confirmers(deed.db, area_id, person_id)
        waiting = end_key(deed, person, found.proofed_by)
        for each in living_elsewhere(people.of_account(deed.db, person.account_id), person):
            _end_elsewhere(deed, each)
        forget_secrets(deed.db, person)
        people.set_account(deed.db, area_id, person_id, Account.INVITED)
        _tell(deed, person, found.proofed_by, vouched)
    return Renewed(waiting, bool(person.roles & UNIT))


def _end_elsewhere(deed: Doing, person: Person) -> None:
    """Their key ends in every area that knows it, and each is told; no other is named."""
    if person.area_id not in deed.locked:
        raise Changed
    there = deed.beside(system(person.area_id), Deed.PERSON_RENEWED)
    vouched = confirmers(there.db, person.area_id, person.id)
    end_key(there, person, SYSTEM)
    area = area_of(there.db, person.area_id, ACTION)
    for address in sorted({area.unit_email} | {each.email for each in vouched}):
        there.tell(
            Kind.ACCOUNT_RENEWED,
            address,
            area=area.name,
            path="/account/lost",
            phone=area.phone,
        )


def _tell(deed: Doing, person: Person, proofed_by: PersonId, vouched: tuple[Person, ...]) -> None:
    area = area_of(deed.db, deed.area_id, ACTION)
    # The line of the invitation, and the link with which they join again.
    link_for(deed, area, person)
    known = people.of_area(deed.db, deed.area_id)
    told = {area.unit_email, person.email} | {each.email for each in vouched}
    told |= {known[each].email for each in (proofed_by, deed.actor.person_id) if each in known}
    for address in sorted(told):
        deed.tell(
            Kind.ACCOUNT_RENEWED, address, area=area.name, path="/account/lost", phone=area.phone
        )
