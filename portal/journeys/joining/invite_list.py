"""Invite everybody on a pasted list to join: after a look that sends nothing, all or nobody.

The look tells beside each row what is wrong with it. The sending looks again under the lock and
compares with what was shown; one row that bars, one domain that nobody vouched for, or one
difference, and nobody is invited (MAPPA rules 13 and 14).
"""

from __future__ import annotations

from collections.abc import Collection

from portal.domain.facts import InArea
from portal.journeys.changed import Changed
from portal.journeys.deed import doing, looking
from portal.journeys.house import House, Who
from portal.journeys.joining.invite_person import may_give
from portal.journeys.joining.listed import Listed, look_through
from portal.journeys.joining.new_account import checked, place
from portal.journeys.meetings.slots import area_of
from portal.journeys.unacceptable import Unacceptable
from portal.policy.actions import Action

ACTION = Action.UNIT_PERSON_INVITE


def look_at_list(house: House, who: Who, text: str) -> Listed:
    """What would happen; nothing is sent. Raises Refused, or Unacceptable (`list`)."""
    with looking(house, who.actor) as look:
        look.require(ACTION, InArea(who.actor.area_id))
        return look_through(look.db, who.actor.area_id, text, may_give(who.actor))


def invite_list(house: House, who: Who, text: str, digest: str, vouched: Collection[int]) -> int:
    """Invite everybody on the list; returns how many. `vouched` are the numbers of the rows whose
    new domain somebody checked with the agency.

    Raises Refused, Changed where the list or what is known differs from what was shown, or
    Unacceptable (`list`); then nobody was invited.
    """
    with doing(house, who.actor, ACTION) as deed:
        deed.require(InArea(who.actor.area_id))
        listed = look_through(deed.db, deed.area_id, text, may_give(who.actor))
        if listed.digest != digest:
            raise Changed("The list is another one than the page showed. Look at it again.")
        if not listed.clean:
            raise Unacceptable("list", "Put the list right first. Nobody was invited.")
        if any(row.foreign and row.row.number not in vouched for row in listed.rows):
            raise Unacceptable(
                "list",
                "Check each new domain with the agency, and tick it. Nobody was invited.",
            )
        area = area_of(deed.db, deed.area_id, ACTION)
        for row in listed.rows:
            if row.new is not None:
                place(deed, area, checked(row.new))
        return len(listed.rows)
