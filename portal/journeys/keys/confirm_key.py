"""Confirm that a key is a person's, after speaking to them on a number already known.

The coordinator heard the words of exactly this fingerprint and signs so; the signature's hash
stands in the ledger, and from then on the key may receive. Members of the unit are given the
unit's key from the coordinator's own copy. The particulars that wait for this person are sealed
now; packs that wait are given by a click of their own.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass

from sqlalchemy import Connection

from portal.crypto import signing
from portal.crypto.fingerprint import fingerprint
from portal.crypto.unit import wrap_unit
from portal.domain.deeds import Deed, line
from portal.domain.facts import OfPerson
from portal.domain.ids import AreaId, PersonId
from portal.domain.people import UNIT, Account, Person
from portal.journeys.changed import Changed
from portal.journeys.deed import Doing, doing
from portal.journeys.giving.sealing import own_fingerprint
from portal.journeys.house import House, Who
from portal.journeys.keys.confirmers import confirmers, tell_replaced
from portal.journeys.keys.directory import (
    ConfirmedKey,
    KeyAlarm,
    confirmed_keys,
    require_as_invited,
)
from portal.journeys.keys.end_words import end_words
from portal.journeys.keys.standing import CONFIRMATION, statement
from portal.journeys.keys.unit_of import open_unit_of
from portal.journeys.meetings.particulars import Given, cases_for, give, keep_given
from portal.journeys.meetings.slots import area_of
from portal.journeys.restricted.about import seen_cases
from portal.journeys.unacceptable import Unacceptable
from portal.notices.kinds import Kind
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import keys, people


@dataclass(frozen=True)
class Confirmed:
    """`particulars`: how many cases' particulars they can open from now; `in_unit`: whether they
    were given the unit's key."""

    fingerprint: str
    particulars: int
    in_unit: bool


def confirm_key(house: House, who: Who, person_id: PersonId, heard: str) -> Confirmed:
    """`heard` is the fingerprint (hex) whose words were on the page when they were read out.

    By a coordinator or deputy whose own key is confirmed, never of oneself. Raises Refused,
    Unacceptable, Changed where the key is another by now, KeyAlarm, or Spoilt.
    """
    action = Action.UNIT_KEY_CONFIRM
    with doing(house, who.actor, action, subject=person_id) as deed:
        person = people.load(deed.db, deed.area_id, person_id)
        if person is None:
            raise Refused(action, Why.NOT_THERE)
        deed.require(OfPerson(person.area_id, person.id))
        key = _key_to_confirm(deed.db, person, heard)
        earlier = confirmers(deed.db, deed.area_id, person_id)
        # An earlier confirmation was of another key; what it vouched for counts no longer.
        keys.remove_confirmation(deed.db, deed.area_id, person_id)
        require_confirmed_signer(deed, who, action)
        require_as_invited(house, deed.db, person, key.fingerprint)
        end_words(deed, person_id)
        given = _waiting_particulars(deed, who, person, key)
        unit = open_unit_of(house, deed.db, who)
        in_unit = bool(person.roles & UNIT)
        if in_unit:
            sealed = wrap_unit(unit.key, key.recipient)
            keys.save_unit_wrap(deed.db, keys.UnitWrap(deed.area_id, person_id, sealed, deed.now))
        position = note_confirmation(
            deed, who, person, key, [digest for each in given for digest in each.hashes]
        )
        for each in given:
            keep_given(deed, each, position)
        area = area_of(deed.db, deed.area_id, action)
        deed.tell(Kind.KEY_CONFIRMED, person.email, area=area.name, path="/", phone=area.phone)
        tell_replaced(deed, area, earlier)
        return Confirmed(key.fingerprint, sum(len(each.wraps) for each in given), in_unit)


def note_confirmation(
    deed: Doing, who: Who, person: Person, key: ConfirmedKey, manifests: list[str]
) -> int:
    """Sign that this key is this person's, leave the line, keep the row; returns the position."""
    body = statement(person, key.fingerprint, secrets.token_hex(16))
    signature = signing.sign(who.keyring.signing_seed, CONFIRMATION, body)
    position = deed.note(
        line(
            Deed.KEY_CONFIRMED,
            person=key.person_id,
            fingerprint=key.fingerprint,
            statement=hashlib.sha256(body).hexdigest(),
            signature=hashlib.sha256(signature).hexdigest(),
            manifests=manifests,
        )
    )
    keys.save_confirmation(
        deed.db,
        keys.Confirmation(
            person_id=key.person_id,
            area_id=deed.area_id,
            fingerprint=key.fingerprint,
            statement=body,
            signature=signature,
            confirmed_by=who.actor.person_id,
            ledger_position=position,
            confirmed_at=deed.now,
        ),
    )
    return position


def registered_key(db: Connection, area_id: AreaId, person_id: PersonId) -> ConfirmedKey | None:
    """The key a person registered, nobody having confirmed it yet; None before they joined.

    Raises KeyAlarm when the row's fingerprint is not that of its keys.
    """
    row = keys.public_key_of(db, area_id, person_id)
    if row is None:
        return None
    found = fingerprint(row.recipient, row.sign_public)
    if found != row.fingerprint:
        raise KeyAlarm(person_id, found, row.fingerprint)
    return ConfirmedKey(person_id, row.recipient, row.sign_public, found)


def _key_to_confirm(db: Connection, person: Person, heard: str) -> ConfirmedKey:
    key = registered_key(db, person.area_id, person.id)
    if person.account is not Account.ENROLLED or key is None:
        raise Unacceptable("", "This person has not joined yet, or has left.")
    if not hmac.compare_digest(key.fingerprint.encode(), heard.encode()):
        raise Changed("Their key is another one by now. Ring them again and compare the new words.")
    confirmation = keys.confirmations_of_area(db, person.area_id).get(person.id)
    if confirmation is not None and confirmation.fingerprint == key.fingerprint:
        raise Unacceptable("", "This key is confirmed already.")
    return key


def require_confirmed_signer(deed: Doing, who: Who, action: Action) -> None:
    """Raise Refused unless whoever speaks for another's key has a confirmed key themselves."""
    own = confirmed_keys(deed.house, deed.db, deed.area_id).get(who.actor.person_id)
    if own is None or own.fingerprint != own_fingerprint(who):
        raise Refused(action, Why.CANNOT_OPEN_YET)


def _waiting_particulars(deed: Doing, who: Who, person: Person, key: ConfirmedKey) -> list[Given]:
    wanted = cases_for(deed.db, deed.area_id, person)
    known = seen_cases(deed)
    # Of a restricted case, only one of its holders can: whoever else confirms does not know of it.
    return [give(deed, who, known[case_id], [key]) for case_id in sorted(wanted & known.keys())]
