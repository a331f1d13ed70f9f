"""Invite somebody to join the portal: an account that opens nothing, and a link by e-mail.

The link only opens the joining page; nothing is sealed to whoever follows it until a coordinator
has spoken to the person and confirmed their key. Roles that approve or watch are given by a
coordinator or deputy only, roles that decide by a coordinator (MAPPA rule 14).
"""

from __future__ import annotations

from portal.domain.facts import InArea
from portal.domain.people import DECIDERS, GUESTS, Actor, Role
from portal.journeys.deed import doing
from portal.journeys.house import House, Who
from portal.journeys.joining.new_account import Linked, NewPerson, checked, place
from portal.journeys.meetings.slots import area_of
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import people


def may_give(actor: Actor) -> frozenset[Role]:
    """The roles this member of the unit may give to somebody who joins."""
    if Role.COORDINATOR in actor.roles:
        return frozenset(Role)
    return frozenset(Role) - DECIDERS if actor.has(DECIDERS) else GUESTS


def invite_person(house: House, who: Who, new: NewPerson) -> Linked:
    """Raises Refused, or Unacceptable (any field of NewPerson)."""
    action = Action.UNIT_PERSON_INVITE
    new = checked(new)
    with doing(house, who.actor, action) as deed:
        deed.require(InArea(who.actor.area_id))
        if not new.roles <= may_give(who.actor):
            raise Refused(action, Why.NOT_YOUR_ROLE)
        if people.load_agency(deed.db, deed.area_id, new.agency_id) is None:
            raise Refused(action, Why.NOT_THERE)
        return place(deed, area_of(deed.db, deed.area_id, action), new)
