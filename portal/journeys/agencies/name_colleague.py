"""A single point of contact names somebody of their own agency: an account that opens nothing yet.

They give the agency's roles only, never one of the unit (MAPPA rule 14); a co-ordinator still rings
the person and confirms their key before anything is sent to them.
"""

from __future__ import annotations

from dataclasses import replace

from portal.domain.colleagues import OF_THE_AGENCY
from portal.domain.facts import InArea
from portal.journeys.deed import doing
from portal.journeys.house import House, Who
from portal.journeys.joining.new_account import Linked, NewPerson, checked, place
from portal.journeys.meetings.slots import area_of
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.policy.verdict import Why

ACTION = Action.SPOC_PERSON_INVITE


def name_colleague(house: House, who: Who, new: NewPerson) -> Linked:
    """The agency is the actor's own, whatever `new` says. Raises Refused, or Unacceptable (any
    field of NewPerson)."""
    new = checked(replace(new, agency_id=who.actor.agency_id))
    with doing(house, who.actor, ACTION) as deed:
        deed.require(InArea(who.actor.area_id))
        if not new.roles <= OF_THE_AGENCY:
            raise Refused(ACTION, Why.NOT_YOUR_ROLE)
        return place(deed, area_of(deed.db, deed.area_id, ACTION), new)
