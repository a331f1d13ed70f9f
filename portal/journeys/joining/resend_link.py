"""Send a new joining link to somebody who has not joined; the one before stops working."""

from __future__ import annotations

from portal.domain.facts import InArea
from portal.domain.ids import PersonId
from portal.domain.people import Account, Person
from portal.journeys.agencies.colleague import colleague, facts_of
from portal.journeys.deed import Doing, doing
from portal.journeys.house import House, Who
from portal.journeys.joining.new_account import Linked, link_for
from portal.journeys.joining.send_again import require_may_have_link
from portal.journeys.meetings.slots import area_of
from portal.journeys.unacceptable import Unacceptable
from portal.policy.actions import Action


def resend_link(house: House, who: Who, person_id: PersonId) -> Linked:
    """By the unit. Raises Refused, Unacceptable where the person has joined or left, or KeyAlarm
    where they are not who was invited."""
    action = Action.UNIT_PERSON_INVITE
    with doing(house, who.actor, action, subject=person_id) as deed:
        deed.require(InArea(who.actor.area_id))
        return _resend(deed, colleague(deed, person_id, action), action)


def resend_to_colleague(house: House, who: Who, person_id: PersonId) -> Linked:
    """By the single point of contact of the person's agency, to whom has no role but the agency's.
    Raises as above."""
    action = Action.SPOC_LINK_RESEND
    with doing(house, who.actor, action, subject=person_id) as deed:
        person = colleague(deed, person_id, action)
        deed.require(facts_of(person))
        return _resend(deed, person, action)


def _resend(deed: Doing, person: Person, action: Action) -> Linked:
    if person.account is not Account.INVITED:
        raise Unacceptable("", "This person has joined or left already. Nothing was sent.")
    # The new line says anew who was invited: it must not say what somebody wrote into the row.
    require_may_have_link(deed.house, deed.db, person, deed.now)
    return link_for(deed, area_of(deed.db, deed.area_id, action), person)
