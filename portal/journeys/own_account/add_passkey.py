"""Add a passkey: with a fresh code, made by the device, and kept only once a trial has worked.

The trial signs in with it as it will be used. Where its pseudo-random function (WebAuthn PRF)
answers, the keyring is sealed to what it gives: one touch then signs in and opens. Where it does
not, the passkey stands in place of a code beside the passphrase. It is never the only factor.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from portal.chance import new_id
from portal.crypto import challenge as challenges
from portal.crypto.fields import seal_field
from portal.crypto.keyring import seal_keyring
from portal.domain.deeds import Deed, line
from portal.domain.factors import FactorKind
from portal.domain.facts import InArea
from portal.identity import passkey
from portal.identity.passkey import BadPasskey, Site
from portal.journeys.changed import Changed
from portal.journeys.deed import doing, looking, tending
from portal.journeys.house import House
from portal.journeys.own_account.own_factors import (
    LONGEST_NAME,
    NAME,
    TIME_TO_PROVE,
    factors_of,
    name_of,
    require_room,
)
from portal.journeys.own_account.passkey_ceremony import (
    TABLE,
    ask,
    challenge_of,
    signed_by,
    unlock_identity,
    use,
)
from portal.journeys.signing_in.recall import Recalled
from portal.journeys.signing_in.second_factor import spend
from portal.journeys.unacceptable import required
from portal.notices.kinds import Kind
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import passkeys
from portal.records.passkeys import Passkey

ACTION = Action.OWN_FACTOR_ADD
MAKE, TRY = "passkey-make", "passkey-try"


@dataclass(frozen=True)
class BeginsPasskey:
    """What the browser is asked next: to make it, or, once `is_made`, to try it."""

    id: str
    name: str
    is_made: bool
    options: dict[str, Any]


def begin_passkey(house: House, found: Recalled, name_typed: str, code: str) -> str:
    """Returns what it is known by. Raises Unacceptable (`name`, `kind`), CodeRefused, Refused."""
    who, person = found.who(), found.person
    with looking(house, who.actor) as look:
        look.require(ACTION, InArea(person.area_id))
        mine = factors_of(house, look.db, person.account_id)
    name = required("name", name_typed, "Give it a name that you will know it by.", LONGEST_NAME)
    require_room(mine, FactorKind.PASSKEY, None)
    spend(house, who.actor, code)
    passkey_id = new_id()
    sealed_name = seal_field(house.server_keys.field_key, name.encode(), TABLE, NAME, passkey_id)
    begun = Passkey(
        id=passkey_id,
        area_id=person.area_id,
        person_id=person.account_id,
        name=sealed_name,
        credential_id=None,
        public_key=b"",
        sign_count=0,
        recipient=b"",
        sealed=b"",
        signature=b"",
        made_at=house.clock.now(),
        proved_at=None,
    )
    with tending(house) as db:
        passkeys.drop_unproved(db, person.account_id)
        passkeys.save(db, begun)
    return passkey_id


def passkey_to_make(house: House, site: Site, found: Recalled, passkey_id: str) -> BeginsPasskey:
    """Raises Refused where this person has begun nothing like that."""
    begun = _begun(house, found, passkey_id)
    name = name_of(house, TABLE, begun)
    bound, person = _bound(found, passkey_id), found.person
    if begun.credential_id is not None:
        options = ask(house, site, TRY, bound, [begun.credential_id])
        return BeginsPasskey(begun.id, name, True, options)
    with looking(house, found.who().actor) as look:
        look.require(ACTION, InArea(person.area_id))
        mine = passkeys.of_person(look.db, person.account_id)
    known = [each.credential_id for each in mine if each.credential_id is not None]
    made = challenges.new_challenge(house.server_keys.session, MAKE, bound, house.clock.now())
    options = passkey.creation_options(
        site, made, person.account_id, person.email, person.name, known
    )
    return BeginsPasskey(begun.id, name, False, options)


def make_passkey(house: House, site: Site, found: Recalled, passkey_id: str, answer: str) -> None:
    """Keep what the device has made; it counts for nothing yet. Raises BadPasskey, Refused."""
    begun = _begun(house, found, passkey_id)
    asked = challenge_of(house, MAKE, _bound(found, passkey_id), answer)
    made = passkey.verify_new(site, asked, answer)
    with tending(house) as db:
        if passkeys.by_credential(db, made.credential_id) is not None:
            raise BadPasskey("known already")
        kept = replace(
            begun,
            credential_id=made.credential_id,
            public_key=made.public_key,
            sign_count=made.sign_count,
        )
        if not passkeys.make(db, kept):
            raise BadPasskey("made before")


def try_passkey(
    house: House, site: Site, found: Recalled, passkey_id: str, answer: str, prf: str
) -> bool:
    """The trial; True where the passkey can open papers by itself. Raises BadPasskey, Refused."""
    who, person = found.who(), found.person
    begun = _begun(house, found, passkey_id)
    tried = use(house, site, TRY, _bound(found, passkey_id), answer, person.account_id)
    if tried.id != begun.id:
        raise BadPasskey("another passkey")
    identity = unlock_identity(person.account_id, prf)
    recipient = b"" if identity is None else identity.recipient().raw
    sealed = b"" if identity is None else seal_keyring(who.keyring, [recipient])
    proved = replace(tried, recipient=recipient, sealed=sealed, proved_at=house.clock.now())
    proved = replace(proved, signature=signed_by(who.keyring, proved))
    with doing(house, who.actor, ACTION, subject=passkey_id) as deed:
        deed.require(InArea(person.area_id))
        now = passkeys.load(deed.db, person.account_id, passkey_id)
        if now is None:
            raise Changed
        if not passkeys.prove(deed.db, replace(proved, sign_count=now.sign_count)):
            raise Changed
        deed.note(
            line(
                Deed.FACTOR_CHANGED,
                person=person.id,
                factor=FactorKind.PASSKEY.value,
                change="added",
            )
        )
        deed.tell(
            Kind.FACTOR_CHANGED,
            person.email,
            area=found.area.name,
            path="/account/",
            phone=found.area.phone,
        )
    return identity is not None


def _begun(house: House, found: Recalled, passkey_id: str) -> Passkey:
    with looking(house, found.who().actor, subject=passkey_id) as look:
        look.require(ACTION, InArea(found.person.area_id))
        begun = passkeys.load(look.db, found.person.account_id, passkey_id)
        if begun is None or begun.proved_at is not None or look.now - begun.made_at > TIME_TO_PROVE:
            raise Refused(ACTION, Why.NOT_THERE)
    return begun


def _bound(found: Recalled, passkey_id: str) -> str:
    return f"{found.session.id.hex()} {passkey_id}"
