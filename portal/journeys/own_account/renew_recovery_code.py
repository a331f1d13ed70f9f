"""Make a new recovery code in place of the old one, with an unused code of the second factor.

The old one opens nothing any more. The new one is shown until its owner has written it down.
"""

from __future__ import annotations

from portal.crypto.recovery_code import new_recovery_code, parse_recovery_code
from portal.domain.deeds import Deed, line
from portal.domain.facts import InArea
from portal.journeys.deed import doing, looking
from portal.journeys.house import House
from portal.journeys.own_account.own_codes import Codes, codes_to_show, keep_to_show
from portal.journeys.signing_in.recall import Recalled
from portal.journeys.signing_in.second_factor import spend
from portal.journeys.signing_in.unlocking import new_recovery_unlock, reseal
from portal.notices.kinds import Kind
from portal.policy.actions import Action


def renew_recovery_code(house: House, found: Recalled, code: str) -> None:
    """Raises CodeRefused, Refused, KeyAlarm."""
    who, person, action = found.who(), found.person, Action.OWN_CODES_RENEW
    with looking(house, who.actor) as look:
        look.require(action, InArea(person.area_id))
    spend(house, who.actor, code)
    recovery = new_recovery_code()
    unlock = new_recovery_unlock(house, person, parse_recovery_code(recovery))
    waiting = codes_to_show(house, person, who.keyring)
    with doing(house, who.actor, action) as deed:
        deed.require(InArea(person.area_id))
        reseal(deed.db, person, who.keyring, unlock)
        backup = () if waiting is None else waiting.backup
        keep_to_show(house, deed.db, person, who.keyring, Codes(recovery, backup))
        deed.note(
            line(Deed.FACTOR_CHANGED, person=person.id, factor="recovery_code", change="renewed")
        )
        deed.tell(
            Kind.FACTOR_CHANGED,
            person.email,
            area=found.area.name,
            path="/account/",
            phone=found.area.phone,
        )
