"""A colleague takes on a report request of their own agency, or takes it over from another.

The request was told to all contacts and to the team mailbox; from here on one person has it, and
the agency's and the unit's pages say who (MAPPA rule 18). Nobody is kept from answering by it: in
an emergency any contact may.
"""

from __future__ import annotations

from portal.domain.deeds import Deed, line
from portal.domain.ids import PersonId, RequestId
from portal.journeys.changed import Changed
from portal.journeys.deed import doing
from portal.journeys.house import House, Who
from portal.journeys.reports.asked import asked
from portal.journeys.unacceptable import Unacceptable
from portal.policy.actions import Action
from portal.records import claims

ACTION = Action.AGENCY_REQUEST_CLAIM


def claim_request(house: House, who: Who, request_id: RequestId, before: PersonId | None) -> int:
    """`before` is who had it on the page that was looked at; None for nobody. Returns the place of
    the line. Raises Refused, Changed where somebody else has it by now, or Unacceptable."""
    with doing(house, who.actor, ACTION, request_id) as deed:
        deed.require(asked(deed.db, deed.area_id, request_id, ACTION).facts)
        held = claims.of(deed.db, deed.area_id, request_id)
        holder = None if held is None else held.person_id
        if holder == who.actor.person_id:
            raise Unacceptable("", "You have this request already.")
        if holder != before:
            raise Changed("Somebody else has taken this on by now. Look at the page again.")
        claims.save(deed.db, claims.Claim(request_id, deed.area_id, who.actor.person_id, deed.now))
        return deed.note(line(Deed.REQUEST_CLAIMED, request=request_id, before=holder))
