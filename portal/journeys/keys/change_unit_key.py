"""The unit is given a new key: somebody who held it has left, or may have lost their copy.

By a co-ordinator, with an unused code. In one transaction: the new key, the line that says which
key it follows (signed by the co-ordinator's own), the key sealed anew to every member whom the
ledger makes one, to the recovery kit, and the index of names. From then on everything is sealed to
the new key alone. Members keep the former ones, with which the rest is sealed anew, a slice at a
time (`rewrap_unit`).

What the leaver opened, or copied while they could, is theirs for good: no key changes that.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from portal.crypto.fingerprint import fingerprint
from portal.crypto.kit import unit_for_kit
from portal.crypto.unit import succeed, wrap_unit
from portal.domain.deeds import Deed, line
from portal.domain.facts import InArea
from portal.domain.ids import AreaId, PersonId
from portal.domain.people import UNIT, Account, Person
from portal.journeys.changed import Changed
from portal.journeys.deed import Doing, doing, looking
from portal.journeys.house import House, Who
from portal.journeys.keys.confirm_key import require_confirmed_signer
from portal.journeys.keys.directory import (
    ConfirmedKey,
    KeyAlarm,
    confirmed_keys,
    require_as_invited,
)
from portal.journeys.keys.proven import proven_line_of
from portal.journeys.keys.unit_chain import sign_change
from portal.journeys.keys.unit_of import OpenUnit, open_unit_of
from portal.journeys.keys.unit_recipient import UnitRecipient, unit_recipient
from portal.journeys.meetings.names import sealed_anew
from portal.journeys.meetings.slots import area_of
from portal.journeys.roles.acting import acting_term
from portal.journeys.signing_in.second_factor import spend
from portal.journeys.signing_in.touch import Given
from portal.notices.kinds import Kind
from portal.policy.actions import Action
from portal.records import deputies, keys, people

ACTION = Action.DECIDE_UNIT_KEY_CHANGE
KIT = PersonId("kit")


@dataclass(frozen=True)
class UnitKeyChanged:
    """To how many members the new key was sealed."""

    members: int


def change_unit_key(house: House, who: Who, was: str, code: Given) -> UnitKeyChanged:
    """`was` is the fingerprint of the key that the page showed.

    Raises Changed where it is another by now, Refused, CodeRefused, Spoilt, and KeyAlarm where a
    member, their key, the unit's or the kit's is not what the ledger says; then nothing was done.
    """
    with looking(house, who.actor) as look:
        look.require(ACTION, InArea(who.actor.area_id))
        if unit_recipient(house, look.db, who.actor.area_id).fingerprint != was:
            raise Changed
    spend(house, who.actor, code)
    with doing(house, who.actor, ACTION) as deed:
        deed.require(InArea(deed.area_id))
        require_confirmed_signer(deed, who, ACTION)
        unit = open_unit_of(house, deed.db, who)
        if unit.public.fingerprint != was:
            raise Changed
        members = _members(deed)
        new = _succeed(deed, unit)
        keys_of = {person.id: key for person, key in members}
        if who.actor.person_id not in keys_of:
            raise Changed
        for person_id, key in keys_of.items():
            sealed = wrap_unit(new.key, key.recipient)
            keys.save_unit_wrap(deed.db, keys.UnitWrap(deed.area_id, person_id, sealed, deed.now))
        now = new.public.fingerprint
        deed.note(
            line(
                Deed.UNIT_KEY_CHANGED,
                former=was,
                unit_fingerprint=now,
                signature=sign_change(who.keyring.signing_seed, deed.area_id, was, now),
                names=sealed_anew(deed, who, unit, new),
                members=len(members),
            )
        )
        _tell(deed, [person.email for person, _key in members])
        return UnitKeyChanged(len(members))


def _succeed(deed: Doing, unit: OpenUnit) -> OpenUnit:
    """The new key in the place of the old one, which nobody has a copy of any more."""
    key = succeed(unit.key)
    now = fingerprint(key.recipient(), b"")
    kit = kit_key(deed.house, deed.db, deed.area_id)
    row = keys.UnitKeyRow(deed.area_id, key.recipient(), now, deed.now, kit, unit_for_kit(key, kit))
    if not keys.change_unit_key(deed.db, row, unit.public.fingerprint):
        raise Changed
    former = (unit.public.fingerprint, *unit.public.former)
    return OpenUnit(key, UnitRecipient(key.recipient(), now, former))


def kit_key(house: House, db: Connection, area_id: AreaId) -> bytes:
    """The public key of the newest recovery kit, as the ledger names it. Raises KeyAlarm."""
    row = keys.unit_key_of(db, area_id)
    told = proven_line_of(house, db, area_id, Deed.KIT_READ_BACK)
    found = "" if row is None else fingerprint(row.kit, b"")
    expected = "" if told is None else str(told["kit"])
    if row is None or found != expected:
        raise KeyAlarm(KIT, found, expected)
    return row.kit


def _members(deed: Doing) -> list[tuple[Person, ConfirmedKey]]:
    """Everybody whom the ledger makes a member of the unit now, or named as deputy from later on,
    and whose key is confirmed. Who is a member by a row alone raises KeyAlarm."""
    house, db, area_id = deed.house, deed.db, deed.area_id
    known = confirmed_keys(house, db, area_id)
    terms = deputies.not_ended(db, area_id)
    found = []
    for person in people.of_area(db, area_id).values():
        key, term = known.get(person.id), terms.get(person.id)
        if key is None or person.account is not Account.ENROLLED:
            continue
        if person.roles & UNIT:
            require_as_invited(house, db, person, key.fingerprint)
            found.append((person, key))
        elif term is not None and acting_term(house, db, person, max(deed.now, term.from_at)):
            found.append((person, key))
    return found


def _tell(deed: Doing, members: list[str]) -> None:
    area = area_of(deed.db, deed.area_id, ACTION)
    for address in sorted({area.unit_email, *members}):
        deed.tell(
            Kind.UNIT_KEY_CHANGED, address, area=area.name, path="/unit/key/", phone=area.phone
        )
