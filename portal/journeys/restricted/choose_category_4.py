"""A co-ordinator says whether this area handles Category 4: terrorism cases, always restricted.

The newest line of the ledger is the choice; nobody with the database alone can change it.
"""

from __future__ import annotations

from sqlalchemy import Connection

from portal.domain.deeds import Deed, line
from portal.domain.facts import InArea
from portal.domain.ids import AreaId
from portal.journeys.deed import doing, looking
from portal.journeys.house import House, Who
from portal.journeys.keys.proven import proven_line
from portal.ledger import search
from portal.policy.actions import Action

ACTION = Action.DECIDE_CATEGORY_4_CHOOSE


def handles_category_4(house: House, db: Connection, area_id: AreaId) -> bool:
    """Whether a Category 4 case may be opened: not until somebody says so, nor where the choice
    cannot be proven."""
    newest = search.newest_about(db, area_id, Deed.CATEGORY_4_CHOSEN.value, {})
    told = None if newest is None else proven_line(house, db, area_id, newest.position)
    return told is not None and told["handled"] is True


def read_category_4_choice(house: House, who: Who) -> bool:
    """Whether they are handled, for the page. Raises Refused."""
    with looking(house, who.actor) as look:
        look.require(ACTION, InArea(who.actor.area_id))
        return handles_category_4(house, look.db, who.actor.area_id)


def choose_category_4(house: House, who: Who, *, handled: bool) -> None:
    """Cases that are open stay as they are. Raises Refused."""
    with doing(house, who.actor, ACTION) as deed:
        deed.require(InArea(deed.area_id))
        deed.note(line(Deed.CATEGORY_4_CHOSEN, handled=handled))
