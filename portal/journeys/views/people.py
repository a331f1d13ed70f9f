"""The people of the area, by agency: who has joined, whose key is confirmed, whom to ring."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from portal.crypto.fingerprint import words
from portal.domain.facts import InArea, OfPerson
from portal.domain.ids import AgencyId, AreaId, PersonId
from portal.domain.people import Account, Agency, Person
from portal.domain.roles import NO_DEPUTY
from portal.journeys.deed import Looking, looking
from portal.journeys.house import House, Who
from portal.journeys.keys.confirm_key import registered_key
from portal.journeys.keys.directory import require_as_invited
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import deputies, keys, people
from portal.records.deputies import Term


class KeyState(StrEnum):
    """Whether somebody can open what is sent to them."""

    READY = "ready"
    NOT_JOINED = "not_joined"
    NOT_CONFIRMED = "not_confirmed"
    LEFT = "left"


@dataclass(frozen=True)
class PersonRow:
    """A person with their state, and whether the one who looks may confirm, vouch for or remove
    them, issue a card to them, make sure of them again (`may_proof`), change what they do
    (`may_change`), name them to act as deputy for a time (`may_name`) or let them try to sign in
    again (`may_let_try`). `term` is the time for which they are named, to come or now."""

    person: Person
    key: KeyState
    may_confirm: bool
    may_vouch: bool
    may_remove: bool
    may_have_card: bool
    may_change: bool
    may_name: bool
    term: Term | None
    may_proof: bool
    may_let_try: bool


@dataclass(frozen=True)
class AgencyRow:
    """An agency and its people."""

    agency: Agency
    people: tuple[PersonRow, ...]


@dataclass(frozen=True)
class ToConfirm:
    """What the coordinator needs on the telephone: six words of exactly this fingerprint."""

    person: Person
    agency: Agency
    fingerprint: str
    words: tuple[str, ...]


def key_states(
    look: Looking, area_id: AreaId, of: Mapping[PersonId, Person]
) -> dict[PersonId, KeyState]:
    """For showing only: whoever seals asks the directory, which believes no row."""
    public = keys.public_keys_of_area(look.db, area_id)
    confirmed = keys.confirmations_of_area(look.db, area_id)
    found: dict[PersonId, KeyState] = {}
    for person in of.values():
        key, confirmation = public.get(person.id), confirmed.get(person.id)
        if person.account is Account.LEFT:
            found[person.id] = KeyState.LEFT
        elif person.account is Account.INVITED or key is None:
            found[person.id] = KeyState.NOT_JOINED
        elif confirmation is None or confirmation.fingerprint != key.fingerprint:
            found[person.id] = KeyState.NOT_CONFIRMED
        else:
            found[person.id] = KeyState.READY
    return found


def people_page(house: House, who: Who) -> tuple[AgencyRow, ...]:
    """Every agency of the area, by name. Raises Refused."""
    area_id = who.actor.area_id
    with looking(house, who.actor) as look:
        look.require(Action.UNIT_PEOPLE_READ, InArea(area_id))
        agencies = people.agencies_of(look.db, area_id)
        everybody = people.of_area(look.db, area_id)
        states = key_states(look, area_id, everybody)
        terms = deputies.not_ended(look.db, area_id)

        def row(person: Person) -> PersonRow:
            facts = OfPerson(person.area_id, person.id)
            state = states[person.id]
            return PersonRow(
                person,
                state,
                state is KeyState.NOT_CONFIRMED and look.may(Action.UNIT_KEY_CONFIRM, facts),
                person.account is Account.ENROLLED and look.may(Action.UNIT_PERSON_VOUCH, facts),
                state is not KeyState.LEFT and look.may(Action.UNIT_PERSON_REMOVE, facts),
                state is not KeyState.LEFT and look.may(Action.UNIT_CARD_ISSUE, facts),
                state is not KeyState.LEFT and look.may(Action.DECIDE_ROLES_CHANGE, facts),
                state is KeyState.READY
                and not person.roles & NO_DEPUTY
                and look.may(Action.DECIDE_DEPUTY_NAME, facts),
                _living(terms.get(person.id), look.now),
                person.account is Account.ENROLLED and look.may(Action.DECIDE_PERSON_PROOF, facts),
                person.account is Account.ENROLLED and look.may(Action.DECIDE_TRIES_ALLOW, facts),
            )

        return tuple(
            AgencyRow(
                agency,
                tuple(row(person) for person in everybody.values() if person.agency_id == key),
            )
            for key, agency in agencies.items()
        )


def _living(term: Term | None, now: datetime) -> Term | None:
    return term if term is not None and now < term.until_at else None


def agencies_to_join(house: House, who: Who) -> tuple[Agency, ...]:
    """The agencies for which somebody may be invited to act. Raises Refused."""
    with looking(house, who.actor) as look:
        look.require(Action.UNIT_PERSON_INVITE, InArea(who.actor.area_id))
        return tuple(people.agencies_of(look.db, who.actor.area_id).values())


def require_may_add_agency(house: House, who: Who) -> None:
    """Raises Refused for whoever may not add an agency."""
    with looking(house, who.actor) as look:
        look.require(Action.UNIT_AGENCY_ADD, InArea(who.actor.area_id))


def agency_to_change(house: House, who: Who, agency_id: AgencyId) -> Agency:
    """The agency as it is recorded. Raises Refused."""
    action = Action.UNIT_AGENCY_CHANGE
    with looking(house, who.actor, subject=agency_id) as look:
        look.require(action, InArea(who.actor.area_id))
        agency = people.load_agency(look.db, who.actor.area_id, agency_id)
        if agency is None:
            raise Refused(action, Why.NOT_THERE)
        return agency


def to_confirm(house: House, who: Who, person_id: PersonId) -> ToConfirm:
    """Raises Refused, also where there is no key to confirm; KeyAlarm."""
    action = Action.UNIT_KEY_CONFIRM
    with looking(house, who.actor, subject=person_id) as look:
        person, agency = _loaded(look, action, person_id)
        key = registered_key(look.db, who.actor.area_id, person_id)
        if key is None or person.account is not Account.ENROLLED:
            raise Refused(action, Why.NOT_THERE)
        # The number on this page is rung to hear whose key it is.
        require_as_invited(house, look.db, person, key.fingerprint)
        return ToConfirm(person, agency, key.fingerprint, words(key.fingerprint))


def to_remove(house: House, who: Who, person_id: PersonId) -> tuple[Person, Agency]:
    """Who is about to be removed. Raises Refused."""
    action = Action.UNIT_PERSON_REMOVE
    with looking(house, who.actor, subject=person_id) as look:
        return _loaded(look, action, person_id)


def _loaded(look: Looking, action: Action, person_id: PersonId) -> tuple[Person, Agency]:
    area_id = look.actor.area_id
    person = people.load(look.db, area_id, person_id)
    if person is None:
        raise Refused(action, Why.NOT_THERE)
    look.require(action, OfPerson(person.area_id, person.id))
    agency = people.load_agency(look.db, area_id, person.agency_id)
    if agency is None:
        raise Refused(action, Why.NOT_THERE)
    return person, agency
