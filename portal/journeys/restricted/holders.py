"""Who may hold a restricted case, and giving its key to them: the one place where it is wrapped."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection

from portal.crypto.fingerprint import fingerprint
from portal.crypto.kit import unit_for_kit
from portal.crypto.unit import UnitKey, wrap_unit
from portal.domain.ids import AreaId, CaseId, PersonId
from portal.domain.people import DECIDERS, Person
from portal.domain.restricted import LEAST_HOLDERS, Concern
from portal.journeys.deed import Doing
from portal.journeys.house import House, Who
from portal.journeys.keys.change_unit_key import kit_key
from portal.journeys.keys.directory import ConfirmedKey, confirmed_key, require_as_invited
from portal.journeys.keys.unit_of import open_unit_of_case
from portal.journeys.roles.in_office import in_office
from portal.journeys.unacceptable import Unacceptable
from portal.records import restrictions


def may_hold(db: Connection, area_id: AreaId) -> tuple[Person, ...]:
    """Co-ordinators and deputies (not those who act for a time) with a confirmed key, by name."""
    found = in_office(db, area_id, DECIDERS)
    return tuple(sorted(found, key=lambda person: (person.name, person.id)))


def keys_to_hold(
    house: House, db: Connection, area_id: AreaId, holders: Iterable[PersonId]
) -> dict[PersonId, ConfirmedKey]:
    """The confirmed keys of those who are to hold a case, each as the ledger has them.

    Raises Unacceptable (`holders`) where one of them may not, or they are too few, and KeyAlarm.
    """
    able = {person.id: person for person in may_hold(db, area_id)}
    found = {}
    for person_id in sorted(set(holders)):
        person = able.get(person_id)
        key = None if person is None else confirmed_key(house, db, area_id, person_id)
        if person is None or key is None:
            raise Unacceptable("holders", "Choose co-ordinators or deputies of this area.")
        require_as_invited(house, db, person, key.fingerprint)
        found[person_id] = key
    if len(found) < LEAST_HOLDERS:
        raise Unacceptable("holders", "Choose at least two, so that nobody is the only one.")
    return found


def case_key(deed: Doing, case_id: CaseId, concern: Concern, key: UnitKey) -> restrictions.CaseKey:
    """The row of a case's key, sealed to the newest recovery kit. Raises KeyAlarm."""
    kit = kit_key(deed.house, deed.db, deed.area_id)
    public = key.recipient()
    return restrictions.CaseKey(
        case_id=case_id,
        area_id=deed.area_id,
        concern=concern,
        recipient=public,
        fingerprint=fingerprint(public, b""),
        made_at=deed.now,
        for_kit=unit_for_kit(key, kit),
        kit=fingerprint(kit, b""),
    )


def give_case_key(
    deed: Doing, case_id: CaseId, key: UnitKey, holders: Iterable[ConfirmedKey]
) -> None:
    """Seal the key to these; `holders` come from the directory."""
    for holder in holders:
        sealed = wrap_unit(key, holder.recipient)
        row = restrictions.CaseHolder(case_id, holder.person_id, deed.area_id, sealed, deed.now)
        restrictions.save_holder(deed.db, row)


def follow_own_keys(deed: Doing, who: Who, recipient: bytes) -> None:
    """Somebody's own keys change: their copies of the cases' keys are sealed to the new one.
    Raises KeyAlarm."""
    area_id, mine = deed.area_id, who.actor.person_id
    for case_id in restrictions.holders_in(deed.db, area_id):
        held = restrictions.holder_of(deed.db, area_id, case_id, mine)
        if held is not None and held.sealed:
            key = open_unit_of_case(deed.house, deed.db, who, case_id).key
            row = restrictions.CaseHolder(
                case_id, mine, area_id, wrap_unit(key, recipient), deed.now
            )
            restrictions.save_holder(deed.db, row)
