"""A coordinator says after how many days without use an account closes in this area.

It counts at once: whoever was away longer is asked to be opened again when they next come.
"""

from __future__ import annotations

from portal.domain.deeds import Deed, line
from portal.domain.dormancy import FEWEST_DAYS, MOST_DAYS
from portal.domain.facts import InArea
from portal.journeys.deed import doing
from portal.journeys.house import House, Who
from portal.journeys.unacceptable import Unacceptable
from portal.policy.actions import Action
from portal.records import areas

ACTION = Action.DECIDE_DORMANCY_LIMIT


def limit_dormancy(house: House, who: Who, days: int) -> None:
    """Raises Unacceptable (field `days`) or Refused."""
    if not FEWEST_DAYS <= days <= MOST_DAYS:
        raise Unacceptable("days", f"Write a number of days from {FEWEST_DAYS} to {MOST_DAYS}.")
    with doing(house, who.actor, ACTION) as deed:
        deed.require(InArea(deed.area_id))
        areas.close_unused_after(deed.db, deed.area_id, days)
        deed.note(line(Deed.DORMANCY_LIMITED, days=days))
