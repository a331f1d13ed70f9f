"""Tie one's account to oneself at the agency's provider, or untie it.

By somebody who is signed in, with an unused code, and who then signs in at the provider from this
very session: never by an e-mail address, and never by anybody for another. It adds a way to show
who one is; it opens nothing, and gives no key to anything.
"""

from __future__ import annotations

from portal.domain.deeds import Deed, line
from portal.domain.facts import InArea
from portal.domain.sign_on import ProviderState
from portal.journeys.agencies.providers import SignOnFailed, link_to, may_use, new_link, opened
from portal.journeys.deed import Doing, doing, looking
from portal.journeys.house import House
from portal.journeys.own_account.own_factors import factors_of, require_another
from portal.journeys.signing_in.begin_sign_on import Purpose, Started, begin_sign_on
from portal.journeys.signing_in.come_back import CameBack
from portal.journeys.signing_in.recall import Recalled
from portal.journeys.signing_in.second_factor import spend
from portal.notices.kinds import Kind
from portal.policy.actions import Action
from portal.records import people, providers

ACTION = Action.OWN_SIGN_ON_CHANGE


def begin_link(house: House, found: Recalled, back: str, code: str) -> Started:
    """Spend the code, and begin a sign-on whose answer ties the two.

    `back` as in begin_sign_on. Raises CodeRefused, SignOnFailed, Refused.
    """
    who, person = found.who(), found.person
    with looking(house, who.actor) as look:
        look.require(ACTION, InArea(person.area_id))
        row = providers.of_agency(look.db, person.area_id, person.agency_id)
    if row is None or row.state is not ProviderState.OPEN:
        raise SignOnFailed("closed")
    spend(house, who.actor, code)
    return begin_sign_on(
        house,
        row.agency_id,
        back,
        Purpose.LINK,
        then="/account/",
        session=who.session_id,
    )


def link_sign_on(house: House, found: Recalled, came: CameBack) -> None:
    """Tie whoever came back to the person of the session that sent them.

    Raises SignOnFailed, Refused.
    """
    who, person = found.who(), found.person
    if came.kept.session != who.session_id.hex():
        raise SignOnFailed("elsewhere")
    link = new_link(house, came.provider, came.known, person)
    with doing(house, who.actor, ACTION) as deed:
        deed.require(InArea(person.area_id))
        now_row = providers.of_agency(deed.db, deed.area_id, came.provider.agency_id)
        still = people.load(deed.db, deed.area_id, person.id)
        if now_row is None or now_row.state is not ProviderState.OPEN or still is None:
            raise SignOnFailed("closed")
        if opened(house, now_row).client != came.provider.client:
            raise SignOnFailed("closed")
        if not may_use(came.provider, still):
            raise SignOnFailed("nobody")
        held = link_to(house, deed.db, came.provider, came.known)
        if held is not None and held.person_id != person.id:
            raise SignOnFailed("taken")
        providers.remove_link(deed.db, deed.area_id, person.id)
        providers.save_link(deed.db, link)
        _told(deed, found, "added")


def unlink_sign_on(house: House, found: Recalled, code: str) -> None:
    """Untie it, with an unused code; not where nothing else would be left to sign in with.

    Raises CodeRefused, SignOnFailed, Unacceptable (`code`), Refused.
    """
    who, person = found.who(), found.person
    with looking(house, who.actor) as look:
        look.require(ACTION, InArea(person.area_id))
        require_another(factors_of(house, look.db, person.account_id), "")
    spend(house, who.actor, code)
    with doing(house, who.actor, ACTION) as deed:
        deed.require(InArea(person.area_id))
        # Read again under the lock: of the last two ways in that are given up at once, one stays.
        require_another(factors_of(house, deed.db, person.account_id), "")
        if not providers.remove_link(deed.db, deed.area_id, person.id):
            raise SignOnFailed("nobody")
        _told(deed, found, "removed")


def _told(deed: Doing, found: Recalled, change: str) -> None:
    deed.note(line(Deed.FACTOR_CHANGED, person=found.person.id, factor="sso", change=change))
    deed.tell(
        Kind.FACTOR_CHANGED,
        found.person.email,
        area=found.area.name,
        path="/account/",
        phone=found.area.phone,
    )
