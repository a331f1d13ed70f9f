"""Send a new joining link to somebody who has not joined; the one before stops working."""

from __future__ import annotations

from portal.domain.facts import InArea
from portal.domain.ids import PersonId
from portal.domain.people import Account
from portal.journeys.deed import doing
from portal.journeys.house import House, Who
from portal.journeys.joining.new_account import Linked, link_for
from portal.journeys.keys.directory import require_as_invited
from portal.journeys.meetings.slots import area_of
from portal.journeys.unacceptable import Unacceptable
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import people


def resend_link(house: House, who: Who, person_id: PersonId) -> Linked:
    """Raises Refused, Unacceptable where the person has joined or left, or KeyAlarm where they are
    not who was invited."""
    action = Action.UNIT_PERSON_INVITE
    with doing(house, who.actor, action, subject=person_id) as deed:
        deed.require(InArea(who.actor.area_id))
        person = people.load(deed.db, deed.area_id, person_id)
        if person is None:
            raise Refused(action, Why.NOT_THERE)
        if person.account is not Account.INVITED:
            raise Unacceptable("", "This person has joined or left already. Nothing was sent.")
        # The new line says anew who was invited: it must not say what somebody wrote into the row.
        require_as_invited(house, deed.db, person, "")
        return link_for(deed, area_of(deed.db, deed.area_id, action), person)
