"""Somebody changes their own keys: a new identity and a new signing key, by one click.

With an unused code. The old signing key signs the new pair, so that it stays confirmed; the record
says which key followed which. The keyring, with the former identities in it, is sealed anew to
every way to unlock it, each signed with the new key. Every other session ends, and this one goes on
in a new row. What was sealed to the former key is sealed to the new one in slices (`rewrap_own`).
In every other area that they belong to the new key follows the former one in the same transaction,
by that area's own record.

Whoever had a copy of the old keyring can still open what was sealed to it, and sign: this is for a
key that is old, not for one that was stolen. Then somebody begins anew (renew_person.py).
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy import Connection

from portal.crypto import signing
from portal.crypto.fingerprint import fingerprint
from portal.crypto.keyring import Keyring, rotate, seal_keyring
from portal.crypto.unit import wrap_unit
from portal.domain.deeds import Deed, line
from portal.domain.facts import InArea
from portal.domain.ids import PersonId
from portal.domain.people import Person
from portal.identity.passkey import BadPasskey
from portal.journeys.across.act_in import everywhere
from portal.journeys.across.move_home import living_elsewhere
from portal.journeys.changed import Changed
from portal.journeys.deed import Doing, doing, looking
from portal.journeys.giving.sealing import own_fingerprint
from portal.journeys.house import House, Who
from portal.journeys.keys.confirmers import confirmers
from portal.journeys.keys.directory import KeyAlarm, confirmed_key
from portal.journeys.keys.register_key import register_key
from portal.journeys.keys.standing import BY_OWNER, statement
from portal.journeys.keys.unit_of import open_unit_of
from portal.journeys.own_account.passkey_ceremony import require_signed, signed_by
from portal.journeys.restricted.holders import follow_own_keys
from portal.journeys.signing_in.recall import Recalled, begin
from portal.journeys.signing_in.second_factor import spend
from portal.journeys.signing_in.touch import Given
from portal.journeys.signing_in.unlocking import reseal_all
from portal.journeys.unacceptable import Unacceptable
from portal.notices.kinds import Kind
from portal.policy.actions import Action
from portal.records import former_keys, keys, passkeys, people, sessions
from portal.records.sessions import Stage

ACTION = Action.OWN_KEYS_CHANGE
ELSEWHERE = (
    "Another area that you belong to does not know your key as it is, so it cannot be changed by a "
    "click. Ring the MAPPA unit there."
)
NOT_CONFIRMED = "Nobody has confirmed your key yet. Ring the MAPPA unit first."


def change_keys(house: House, found: Recalled, was: str, code: Given) -> bytes:
    """`was` is the fingerprint that the page showed. Returns the secret of the session that goes
    on, for the cookie.

    Raises Changed, Refused, CodeRefused, Unacceptable where the key is not confirmed, and KeyAlarm
    where a row is not its owner's; then nothing was done.
    """
    who, person = found.who(), found.person
    others = {each.person.id: each for each in everywhere(house, found)[1:]}
    with looking(house, who.actor) as look:
        look.require(ACTION, InArea(person.area_id))
        if own_fingerprint(who) != was:
            raise Changed
        if confirmed_key(house, look.db, person.area_id, person.id) is None:
            raise Unacceptable("code", NOT_CONFIRMED)
        _require_known(look.db, person, others)
    spend(house, who.actor, code)
    new = rotate(who.keyring)
    besides = {each.person.area_id for each in others.values()}
    with doing(house, who.actor, ACTION, besides=besides) as deed:
        deed.require(InArea(person.area_id))
        _require_known(deed.db, person, others)
        if keys.confirmation_of(deed.db, deed.area_id, person.id) is None:
            raise Changed
        _change_in(deed, found, new, was)
        for _, there in sorted(others.items()):
            actor = there.who().actor
            part = deed.beside(actor, Deed.KEY_CHANGED, Deed.KEY_REGISTERED)
            _change_in(part, there, new, was)
        reseal_all(deed.db, person, who.keyring, new, deed.now)
        _passkeys(deed, person, who.keyring, new)
        sessions.end_all(deed.db, person.account_id)
        return begin(
            house,
            deed.db,
            person,
            Stage.SIGNED_IN,
            new,
            deed.now,
            factor_at=found.session.factor_at,
            terms=found.session.terms,
            ends_at=found.session.ends_at,
            sign_on=found.session.sign_on,
        )


def _require_known(db: Connection, person: Person, others: Mapping[PersonId, Recalled]) -> None:
    """Every area that they belong to must know the key that is about to end."""
    living = living_elsewhere(people.of_account(db, person.account_id), person)
    if {each.id for each in living} != set(others):
        raise Unacceptable("code", ELSEWHERE)


def _change_in(deed: Doing, found: Recalled, new: Keyring, was: str) -> None:
    """What changes in one area: the directory, the copy of the unit's key, and who is told."""
    who, person, db = found.who(), found.person, deed.db
    if keys.confirmation_of(db, deed.area_id, person.id) is None:
        _register(deed, person, new, was)
        return
    told = {each.email: "/unit/people/" for each in confirmers(db, deed.area_id, person.id)}
    if keys.unit_wrap_of(db, deed.area_id, person.id) is not None:
        unit = wrap_unit(open_unit_of(deed.house, db, who).key, new.recipient())
        keys.save_unit_wrap(db, keys.UnitWrap(deed.area_id, person.id, unit, deed.now))
    follow_own_keys(deed, who, new.recipient())
    _follow(deed, who, person, new, was)
    told[person.email] = "/account/keys"
    for address, path in sorted(told.items()):
        deed.tell(
            Kind.KEY_CHANGED, address, area=found.area.name, path=path, phone=found.area.phone
        )


def _register(deed: Doing, person: Person, new: Keyring, was: str) -> None:
    """Nobody there has confirmed the former key: the new one waits in its place."""
    row = keys.public_key_of(deed.db, deed.area_id, person.id)
    if row is None or row.fingerprint != was:
        raise Changed
    register_key(deed, person, new)


def _follow(deed: Doing, who: Who, person: Person, new: Keyring, was: str) -> None:
    """The new key in the directory, signed by the old one."""
    house, db, area_id = deed.house, deed.db, deed.area_id
    key = confirmed_key(house, db, area_id, person.id)
    row = keys.public_key_of(db, area_id, person.id)
    given = keys.confirmation_of(db, area_id, person.id)
    if key is None or row is None or given is None or key.fingerprint != was:
        raise Changed
    now = fingerprint(new.recipient(), new.signing_public())
    body = statement(person, now, secrets.token_hex(16))
    signature = signing.sign(who.keyring.signing_seed, BY_OWNER, body)
    position = deed.note(
        line(
            Deed.KEY_CHANGED,
            person=person.id,
            former=was,
            fingerprint=now,
            statement=hashlib.sha256(body).hexdigest(),
            signature=hashlib.sha256(signature).hexdigest(),
        )
    )
    former_keys.save(db, former_keys.ended(row, given, position))
    keys.save_public_key(
        db,
        keys.PublicKey(person.id, area_id, new.recipient(), new.signing_public(), now, deed.now),
    )
    keys.save_confirmation(
        db,
        keys.Confirmation(person.id, area_id, now, body, signature, person.id, position, deed.now),
    )


def _passkeys(deed: Doing, person: Person, old: Keyring, new: Keyring) -> None:
    """Each passkey that counts is signed anew; what opened the old keyring opens the new one."""
    for each in passkeys.of_person(deed.db, person.account_id):
        if each.proved_at is None:
            continue
        try:
            require_signed(old, each)
        except BadPasskey:
            raise KeyAlarm(person.id, fingerprint(each.recipient, b""), "") from None
        sealed = seal_keyring(new, [each.recipient]) if each.recipient else b""
        kept = replace(each, sealed=sealed)
        passkeys.reseal(deed.db, replace(kept, signature=signed_by(new, kept)))
