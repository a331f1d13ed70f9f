"""Change one's passphrase: with the present one, an unused code, and a notice to its owner.

The old passphrase opens nothing any more, and every other session ends.
"""

from __future__ import annotations

from portal.domain.deeds import Deed, line
from portal.domain.facts import InArea
from portal.identity import passphrase
from portal.journeys.deed import doing, looking
from portal.journeys.house import House
from portal.journeys.joining.join import context_words
from portal.journeys.signing_in.recall import Recalled
from portal.journeys.signing_in.second_factor import spend
from portal.journeys.signing_in.unlocking import new_passphrase_unlock, reseal, try_passphrase
from portal.journeys.unacceptable import Unacceptable
from portal.notices.kinds import Kind
from portal.policy.actions import Action
from portal.records import sessions

WRONG_NOW = "That is not your present passphrase."


def change_passphrase(
    house: House, found: Recalled, now_clear: str, new_clear: str, code: str
) -> None:
    """Raises WeakPassphrase, CodeRefused, Unacceptable (`passphrase`), Refused.

    The code is spent before the present passphrase is tried, so that guessing at it costs a code
    each time.
    """
    who, person = found.who(), found.person
    action = Action.OWN_PASSPHRASE_CHANGE
    with looking(house, who.actor) as look:
        look.require(action, InArea(person.area_id))
    passphrase.check(new_clear, context_words(found))
    spend(house, who.actor, code)
    with looking(house, who.actor) as look:
        if try_passphrase(house, look.db, person, now_clear) is None:
            raise Unacceptable("passphrase", WRONG_NOW)
    unlock = new_passphrase_unlock(house, person, new_clear)
    with doing(house, who.actor, action) as deed:
        deed.require(InArea(person.area_id))
        reseal(deed.db, person, who.keyring, unlock)
        sessions.end_all(deed.db, person.account_id, but=who.session_id)
        deed.note(line(Deed.PASSPHRASE_CHANGED, person=person.id, by="owner"))
        deed.tell(
            Kind.PASSPHRASE_CHANGED,
            person.email,
            area=found.area.name,
            path="/account/",
            phone=found.area.phone,
        )
