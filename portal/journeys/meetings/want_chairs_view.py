"""A coordinator says whether this area's confidentiality statement gives the decision on passing
papers on to the chair: then no request is decided without the chair's view (rule 61).

The newest line of the ledger is the setting; nobody with the database alone can turn it off.
"""

from __future__ import annotations

from sqlalchemy import Connection

from portal.domain.deeds import Deed, line
from portal.domain.facts import InArea
from portal.domain.ids import AreaId
from portal.journeys.deed import doing, looking
from portal.journeys.house import House, Who
from portal.journeys.keys.proven import proven_line_of
from portal.policy.actions import Action

ACTION = Action.DECIDE_CHAIRS_VIEW_WANT


def chairs_view_wanted(house: House, db: Connection, area_id: AreaId) -> bool:
    """Whether the chair's view is recorded at every decision; not, until somebody says so."""
    told = proven_line_of(house, db, area_id, Deed.CHAIRS_VIEW_WANTED)
    return told is not None and told["wanted"] is True


def read_chairs_view_wanted(house: House, who: Who) -> bool:
    """For the page. Raises Refused."""
    with looking(house, who.actor) as look:
        look.require(ACTION, InArea(who.actor.area_id))
        return chairs_view_wanted(house, look.db, who.actor.area_id)


def want_chairs_view(house: House, who: Who, *, wanted: bool) -> None:
    """Raises Refused."""
    with doing(house, who.actor, ACTION) as deed:
        deed.require(InArea(deed.area_id))
        deed.note(line(Deed.CHAIRS_VIEW_WANTED, wanted=wanted))
