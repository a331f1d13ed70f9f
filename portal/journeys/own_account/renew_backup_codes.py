"""Make ten new backup codes in place of the old ones, with an unused code of either kind."""

from __future__ import annotations

from portal.domain.deeds import Deed, line
from portal.domain.facts import InArea
from portal.journeys.deed import doing, looking
from portal.journeys.house import House
from portal.journeys.own_account.own_codes import (
    Codes,
    codes_to_show,
    keep_to_show,
    new_backup_rows,
)
from portal.journeys.signing_in.recall import Recalled
from portal.journeys.signing_in.second_factor import spend
from portal.notices.kinds import Kind
from portal.policy.actions import Action
from portal.records import factors


def renew_backup_codes(house: House, found: Recalled, code: str) -> None:
    """The new ones are then shown until their owner has written them down (own_codes.py).

    Raises CodeRefused, Refused.
    """
    who, person = found.who(), found.person
    action = Action.OWN_CODES_RENEW
    with looking(house, who.actor) as look:
        look.require(action, InArea(person.area_id))
    spend(house, who.actor, code)
    codes, rows = new_backup_rows(house, person)
    shown = codes_to_show(house, person, who.keyring)
    with doing(house, who.actor, action) as deed:
        deed.require(InArea(person.area_id))
        factors.save_backup_codes(deed.db, person.account_id, rows)
        recovery = "" if shown is None else shown.recovery
        keep_to_show(house, deed.db, person, who.keyring, Codes(recovery, codes))
        deed.note(
            line(Deed.FACTOR_CHANGED, person=person.id, factor="backup_codes", change="renewed")
        )
        deed.tell(
            Kind.FACTOR_CHANGED,
            person.email,
            area=found.area.name,
            path="/account/",
            phone=found.area.phone,
        )
