"""What somebody does changes after they joined: a co-ordinator gives or takes roles (rule 14).

By a co-ordinator, never of oneself, with an unused code; so there is always one left. Whoever
becomes a member of the unit is given the unit's key from the co-ordinator's own copy, once their
own key is confirmed. Whoever stops being one loses it at once. With any role that goes, their
sessions end. The new roles are a line of the ledger, against which their row is compared from then
on, as it was against their invitation's.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from portal.crypto.unit import wrap_unit
from portal.domain.deeds import Deed, line
from portal.domain.facts import OfPerson
from portal.domain.grants import GrantState
from portal.domain.ids import PersonId
from portal.domain.people import DECIDERS, UNIT, Account, Agency, Person, Role
from portal.domain.roles import ALONE, RoleReason, clash
from portal.journeys.changed import Changed
from portal.journeys.deed import Doing, doing, looking
from portal.journeys.house import House, Who
from portal.journeys.joining.new_account import in_order
from portal.journeys.keys.directory import confirmed_key, require_as_invited
from portal.journeys.keys.reached import callback
from portal.journeys.keys.unit_of import open_unit_of
from portal.journeys.meetings.slots import area_of
from portal.journeys.signing_in.end_at_home import end_at_home
from portal.journeys.signing_in.second_factor import spend
from portal.journeys.unacceptable import Unacceptable
from portal.notices.kinds import Kind
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import claims, deputies, keys, people, restrictions, sendings

ACTION = Action.DECIDE_ROLES_CHANGE
OPEN = (GrantState.GRANTED, GrantState.WAITING)


@dataclass(frozen=True)
class RolesChanged:
    """`in_unit`: they were given the unit's key now. `waits`: they get it when their own key is
    confirmed. `held_unit_key`: they could open every paper of the area until now."""

    in_unit: bool
    waits: bool
    held_unit_key: bool
    sessions_ended: int


def roles_to_change(house: House, who: Who, person_id: PersonId) -> tuple[Person, Agency]:
    """Whose roles they are. Raises Refused, or KeyAlarm where they are not those recorded."""
    with looking(house, who.actor, subject=person_id) as look:
        person = people.load(look.db, who.actor.area_id, person_id)
        if person is None:
            raise Refused(ACTION, Why.NOT_THERE)
        look.require(ACTION, OfPerson(person.area_id, person.id))
        agency = people.load_agency(look.db, person.area_id, person.agency_id)
        if agency is None:
            raise Refused(ACTION, Why.NOT_THERE)
        require_as_invited(house, look.db, person, "")
        return person, agency


def change_roles(
    house: House,
    who: Who,
    person_id: PersonId,
    before: frozenset[Role],
    roles: frozenset[Role],
    because: RoleReason,
    code: str,
) -> RolesChanged:
    """`before` is what the page showed. Raises Refused, KeyAlarm, CodeRefused, Changed, or
    Unacceptable (`roles`)."""
    person, _agency = roles_to_change(house, who, person_id)
    _check(person, roles)
    spend(house, who.actor, code)
    with doing(house, who.actor, ACTION, subject=person_id) as deed:
        found = people.load(deed.db, deed.area_id, person_id)
        if found is None:
            raise Refused(ACTION, Why.NOT_THERE)
        deed.require(OfPerson(found.area_id, found.id))
        if found.roles != before:
            raise Changed("Their roles are others by now. Look at them again.")
        _check(found, roles)
        require_as_invited(house, deed.db, found, "")
        _require_free(deed, found, roles)
        people.set_roles(deed.db, deed.area_id, person_id, roles)
        given, waits = _join_unit(deed, who, found, roles)
        taken = _leave_unit(deed, found, roles)
        lost = found.roles - roles
        if Role.CONTACT in lost:
            claims.remove_of(deed.db, deed.area_id, person_id)
        ended = end_at_home(deed.db, person) if lost else 0
        deed.note(
            line(
                Deed.ROLES_CHANGED,
                person=person_id,
                agency=found.agency_id,
                was=in_order(found.roles),
                roles=in_order(roles),
                because=because.value,
                callback=callback(house, replace(found, roles=roles)),
            )
        )
        area = area_of(deed.db, deed.area_id, ACTION)
        for address, path in ((found.email, "/account/"), (area.unit_email, "/record/")):
            deed.tell(Kind.ROLES_CHANGED, address, area=area.name, path=path, phone=area.phone)
        return RolesChanged(given, waits, taken, ended)


def _check(person: Person, roles: frozenset[Role]) -> None:
    if person.account is Account.LEFT:
        raise Unacceptable("roles", "This person has left.")
    if words := clash(roles):
        raise Unacceptable("roles", words)
    if roles == person.roles:
        raise Unacceptable("roles", "These are their roles already.")


def _require_free(deed: Doing, person: Person, roles: frozenset[Role]) -> None:
    if deputies.not_ended(deed.db, deed.area_id).get(person.id) is not None:
        raise Unacceptable("roles", "They are named as deputy for a time. End that first.")
    grants = sendings.grants_of_person(deed.db, deed.area_id, person.id)
    if roles & ALONE and any(grant.state in OPEN for grant in grants):
        raise Unacceptable("roles", "They were sent papers. Take them back first (rule 15).")


def _join_unit(deed: Doing, who: Who, person: Person, roles: frozenset[Role]) -> tuple[bool, bool]:
    if not roles & UNIT or person.roles & UNIT:
        return False, False
    key = confirmed_key(deed.house, deed.db, deed.area_id, person.id)
    if key is None:
        return False, True
    give_unit_key(deed, who, person.id, key.recipient)
    return True, False


def give_unit_key(deed: Doing, who: Who, person_id: PersonId, recipient: bytes) -> None:
    """Wrap the unit's key to a confirmed key. Raises Refused or KeyAlarm."""
    unit = open_unit_of(deed.house, deed.db, who)
    sealed = wrap_unit(unit.key, recipient)
    keys.save_unit_wrap(deed.db, keys.UnitWrap(deed.area_id, person_id, sealed, deed.now))


def _leave_unit(deed: Doing, person: Person, roles: frozenset[Role]) -> bool:
    if not roles & DECIDERS:
        restrictions.forget_holder(deed.db, deed.area_id, person.id)
    if roles & UNIT or not person.roles & UNIT:
        return False
    return keys.remove_unit_wrap(deed.db, deed.area_id, person.id) > 0
