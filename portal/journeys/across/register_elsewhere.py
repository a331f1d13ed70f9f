"""Whoever began anew has a new key: every other area that they belong to is given it as well.

There, as at home, it receives nothing until one of that area's co-ordinators has confirmed it.
"""

from __future__ import annotations

from portal.domain.deeds import Deed
from portal.domain.people import Account
from portal.journeys.deed import Doing
from portal.journeys.joining.steps import keyring_of
from portal.journeys.keys.register_key import register_key
from portal.journeys.signing_in.recall import Recalled, actor_of
from portal.notices.kinds import Kind
from portal.records import areas, people


def register_elsewhere(deed: Doing, half: Recalled) -> None:
    """`half`: who joins again. Nothing for a newcomer."""
    keyring = keyring_of(half)
    for known in half.elsewhere:
        person = people.load(deed.db, known.area_id, known.id)
        area = areas.load(deed.db, known.area_id)
        agency = people.load_agency(deed.db, known.area_id, known.agency_id)
        if person is None or area is None or agency is None:
            continue
        if person.account is not Account.ENROLLED or person.account_id != half.person.account_id:
            continue
        there = deed.beside(actor_of(person, agency, None), Deed.KEY_REGISTERED)
        register_key(there, person, keyring)
        there.tell(
            Kind.KEY_WAITS,
            area.unit_email,
            area=area.name,
            path=f"/unit/people/{person.id}/confirm",
        )
