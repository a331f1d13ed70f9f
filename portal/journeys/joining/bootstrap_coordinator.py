"""An area's first coordinator: invited by the installation, confirmed by themselves, once.

Nobody is there yet to confirm their key, so they sign for it themselves, and are given the unit's
key by the command that opened the area. Both are refused as soon as the area has somebody.
"""

from __future__ import annotations

from dataclasses import dataclass

from portal.crypto.unit import UnitKey, wrap_unit
from portal.domain.deeds import Deed
from portal.domain.ids import AgencyId, AreaId
from portal.domain.people import DECIDERS, Account, Role, system
from portal.journeys.deed import unjudged
from portal.journeys.giving.sealing import own_fingerprint
from portal.journeys.house import House, Who
from portal.journeys.joining.new_account import Linked, NewPerson, checked, place
from portal.journeys.keys.confirm_key import note_confirmation, registered_key
from portal.journeys.keys.unit_recipient import unit_recipient
from portal.records import areas, keys, people


class NotFirst(Exception):
    """The area has a coordinator, or this is not its unit's key: nothing was done."""


@dataclass(frozen=True)
class FirstCoordinator:
    """What the command asks for."""

    name: str
    email: str
    job: str
    phone: str
    agency_id: AgencyId


def invite_first_coordinator(house: House, area_id: AreaId, first: FirstCoordinator) -> Linked:
    """Their account and joining link, used where they sit: no letter carries it.

    Raises NotFirst where the area has people, Unacceptable.
    """
    new = checked(
        NewPerson(
            first.name,
            first.email,
            first.job,
            first.phone,
            first.agency_id,
            frozenset({Role.COORDINATOR}),
        )
    )
    with unjudged(house, system(area_id), Deed.PERSON_INVITED) as deed:
        area = areas.load(deed.db, area_id)
        agency = people.load_agency(deed.db, area_id, new.agency_id)
        if area is None or agency is None or people.of_area(deed.db, area_id):
            raise NotFirst
        return place(deed, area, new, by_letter=False)


def bootstrap_coordinator(house: House, who: Who, unit: UnitKey) -> None:
    """Confirm the first coordinator's key by their own signature, and give them the unit's key.

    They have joined, and `who` holds their unlocked keyring. Raises NotFirst unless they are a
    coordinator of an area without any confirmation and `unit` is that area's key; KeyAlarm.
    """
    area_id = who.actor.area_id
    with unjudged(house, who.actor, Deed.KEY_CONFIRMED) as deed:
        person = people.load(deed.db, area_id, who.actor.person_id)
        key = registered_key(deed.db, area_id, who.actor.person_id)
        if (
            person is None
            or key is None
            or person.account is not Account.ENROLLED
            or not person.roles & DECIDERS
            or key.fingerprint != own_fingerprint(who)
            or keys.confirmations_of_area(deed.db, area_id)
            or unit_recipient(house, deed.db, area_id).recipient != unit.recipient()
        ):
            raise NotFirst
        sealed = wrap_unit(unit, key.recipient)
        keys.save_unit_wrap(deed.db, keys.UnitWrap(area_id, person.id, sealed, deed.now))
        note_confirmation(deed, who, person, key, [])
