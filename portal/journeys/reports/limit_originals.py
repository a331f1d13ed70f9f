"""A coordinator says for how many days the originals of reports are kept in this area.

It counts for those that are there already too: what is older goes at the next sweep.
"""

from __future__ import annotations

from portal.domain.deeds import Deed, line
from portal.domain.facts import InArea
from portal.journeys.deed import doing
from portal.journeys.house import House, Who
from portal.journeys.unacceptable import Unacceptable
from portal.policy.actions import Action
from portal.records import areas

ACTION = Action.DECIDE_ORIGINALS_LIMIT
FEWEST, MOST = 1, 36_500


def limit_originals(house: House, who: Who, days: int) -> None:
    """Raises Unacceptable (field `days`) or Refused."""
    if not FEWEST <= days <= MOST:
        raise Unacceptable("days", f"Write a number of days from {FEWEST} to {MOST}.")
    with doing(house, who.actor, ACTION) as deed:
        deed.require(InArea(deed.area_id))
        areas.keep_originals(deed.db, deed.area_id, days)
        deed.note(line(Deed.ORIGINALS_LIMITED, days=days))
