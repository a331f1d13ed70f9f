"""Take a second factor away: with a fresh code, never the last one, and its owner is told.

Every other session ends: whoever has the lost telephone may have one.
"""

from __future__ import annotations

from portal.domain.deeds import Deed, line
from portal.domain.facts import InArea
from portal.journeys.deed import doing, looking
from portal.journeys.house import House
from portal.journeys.own_account.own_factors import (
    OwnFactor,
    factors_of,
    forget_factor,
    require_another,
)
from portal.journeys.signing_in.recall import Recalled
from portal.journeys.signing_in.second_factor import spend
from portal.notices.kinds import Kind
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import sessions

ACTION = Action.OWN_FACTOR_REMOVE


def factor_to_remove(house: House, found: Recalled, factor_id: str) -> OwnFactor:
    """One of one's own. Raises Refused where there is none like that."""
    with looking(house, found.who().actor, subject=factor_id) as look:
        look.require(ACTION, InArea(found.person.area_id))
        return _mine(factors_of(house, look.db, found.person.account_id), factor_id)


def remove_factor(house: House, found: Recalled, factor_id: str, code: str) -> None:
    """Raises CodeRefused, Unacceptable (`code`) for the last one, Refused."""
    who, person = found.who(), found.person
    with looking(house, who.actor, subject=factor_id) as look:
        look.require(ACTION, InArea(person.area_id))
        mine = factors_of(house, look.db, person.account_id)
        _mine(mine, factor_id)
    require_another(mine, factor_id)
    spend(house, who.actor, code)
    with doing(house, who.actor, ACTION, subject=factor_id) as deed:
        deed.require(InArea(person.area_id))
        # Read again under the lock: of two that are taken away at once, one stays.
        mine = factors_of(house, deed.db, person.account_id)
        going = _mine(mine, factor_id)
        require_another(mine, factor_id)
        forget_factor(deed.db, person.account_id, factor_id)
        sessions.end_all(deed.db, person.account_id, but=who.session_id)
        deed.note(
            line(Deed.FACTOR_CHANGED, person=person.id, factor=going.kind.value, change="removed")
        )
        deed.tell(
            Kind.FACTOR_CHANGED,
            person.email,
            area=found.area.name,
            path="/account/",
            phone=found.area.phone,
        )


def _mine(mine: list[OwnFactor], factor_id: str) -> OwnFactor:
    for each in mine:
        if each.id == factor_id:
            return each
    raise Refused(ACTION, Why.NOT_THERE)
