"""Somebody leaves: they lose everything at once (MAPPA rule 81).

Their account is closed, their sessions and joining link end, every wrap of theirs and their copy
of the unit's key are deleted, their grants are taken back; requests they had taken on are free
again. Their public key and its confirmation stay, because what they signed must still be checked.
What they saved before can't be recalled. It ends what they were in this area: an account that other
areas know as well goes on there (across/move_home.py).
"""

from __future__ import annotations

from dataclasses import dataclass

from portal.domain.deeds import Deed, line
from portal.domain.facts import OfPerson
from portal.domain.grants import GrantState
from portal.domain.ids import PersonId
from portal.domain.people import Account, Person, Role
from portal.journeys.across.move_home import move_home, other_areas
from portal.journeys.agencies.colleague import colleague, facts_of
from portal.journeys.deed import Doing, doing
from portal.journeys.giving.settling import settle
from portal.journeys.house import House, Who
from portal.journeys.roles.other_coordinators import other_coordinators
from portal.journeys.signing_in.end_at_home import end_at_home
from portal.journeys.unacceptable import Unacceptable
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import (
    claims,
    colleagues,
    deputies,
    joining_words,
    keys,
    panels,
    papers,
    people,
    providers,
    restrictions,
    sendings,
    sessions,
    uses,
)


@dataclass(frozen=True)
class Removed:
    """How much they lost. `held_unit_key`: until now they could open every paper of the area, so
    the unit's key should be renewed."""

    wraps_deleted: int
    sessions_ended: int
    held_unit_key: bool


def remove_person(house: House, who: Who, person_id: PersonId) -> Removed:
    """By a coordinator or deputy, never of oneself. Raises Refused, Unacceptable or Changed."""
    action = Action.UNIT_PERSON_REMOVE
    besides = other_areas(house, who.actor.area_id, [person_id])
    with doing(house, who.actor, action, subject=person_id, besides=besides) as deed:
        person = people.load(deed.db, deed.area_id, person_id)
        if person is None:
            raise Refused(action, Why.NOT_THERE)
        deed.require(OfPerson(person.area_id, person.id))
        _require_another(deed, person)
        return leave(deed, person)


def remove_colleague(house: House, who: Who, person_id: PersonId) -> Removed:
    """By the single point of contact of the person's agency, never of oneself nor of anybody with a
    role of the unit. Raises Refused, Unacceptable or Changed."""
    action = Action.SPOC_PERSON_REMOVE
    besides = other_areas(house, who.actor.area_id, [person_id])
    with doing(house, who.actor, action, subject=person_id, besides=besides) as deed:
        person = colleague(deed, person_id, action)
        deed.require(facts_of(person))
        return leave(deed, person)


def leave(deed: Doing, person: Person) -> Removed:
    """In a deed that was judged. Raises Unacceptable for whom has left already, or Changed."""
    if person.account is Account.LEFT:
        raise Unacceptable("", "This person has left already.")
    gone, ended, held = take_all(deed, person)
    deed.note(line(Deed.PERSON_LEFT, person=person.id, wraps_deleted=gone))
    move_home(deed, person)
    return Removed(gone, ended, held)


def take_all(deed: Doing, person: Person) -> tuple[int, int, bool]:
    """What they had in this area goes; returns how many wraps and sessions that were, and whether
    they held the unit's key. Raises Changed."""
    person_id = person.id
    people.set_account(deed.db, deed.area_id, person_id, Account.LEFT)
    ended = end_at_home(deed.db, person)
    sessions.spend_links(deed.db, person_id, deed.now)
    providers.remove_link(deed.db, deed.area_id, person_id)
    _take_grants(deed, person_id)
    claims.remove_of(deed.db, deed.area_id, person_id)
    colleagues.forget(deed.db, deed.area_id, person_id)
    uses.forget(deed.db, deed.area_id, person_id)
    panels.forget(deed.db, deed.area_id, person_id)
    deputies.end(deed.db, deed.area_id, person_id, deed.now)
    gone = papers.remove_headers_of(deed.db, deed.area_id, person_id)
    gone += joining_words.remove_wraps_of(deed.db, deed.area_id, person_id)
    unit_wraps = keys.remove_unit_wrap(deed.db, deed.area_id, person_id)
    restrictions.forget_holder(deed.db, deed.area_id, person_id)
    return gone + unit_wraps, ended, bool(unit_wraps)


def _require_another(deed: Doing, person: Person) -> None:
    """Without a co-ordinator nobody could name another: a deputy does not remove the last."""
    if Role.COORDINATOR in person.roles and not other_coordinators(deed.db, person):
        raise Unacceptable("", "This is the last co-ordinator. Somebody else has to be one first.")


def _take_grants(deed: Doing, person_id: PersonId) -> None:
    for grant in sendings.grants_of_person(deed.db, deed.area_id, person_id):
        if grant.state not in (GrantState.GRANTED, GrantState.WAITING):
            continue
        settle(deed, grant, GrantState.TAKEN_BACK)
