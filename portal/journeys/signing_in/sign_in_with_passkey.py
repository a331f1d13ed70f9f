"""Sign in with a passkey: in place of the code after the passphrase, or by itself.

By itself only where its pseudo-random function opens the keyring: the touch is what one has, the
device's own check of its user what one is or knows. The row is believed only once the keyring it
opened says that its owner signed it. Everything that fails is answered the same.
"""

from __future__ import annotations

from typing import Any

from portal.domain.factors import FactorKind
from portal.domain.ids import AccountId
from portal.identity.passkey import BadPasskey, Site
from portal.journeys.count_attempt import count_attempt
from portal.journeys.deed import tending
from portal.journeys.house import House
from portal.journeys.own_account.passkey_ceremony import ask, require_signed, use
from portal.journeys.signing_in.attempting import NotRight, attempt
from portal.journeys.signing_in.passkey_opens import open_with_passkey
from portal.journeys.signing_in.recall import Recalled, begin, recall
from portal.journeys.signing_in.second_factor import CodeRefused, count_try
from portal.journeys.signing_in.sign_in import enter
from portal.journeys.signing_in.throttling import Source, give_back, owner_of
from portal.journeys.signing_in.whole_session import SignedIn
from portal.records import factors, passkeys
from portal.records.database import reading
from portal.records.sessions import Stage

ALONE, SECOND = "passkey-alone", "passkey-second"
PURPOSE = "passkey"
REFUSED = (
    "That passkey did not sign you in. Sign in with your e-mail address and passphrase instead."
)


def asked_alone(house: House, site: Site, browser: str) -> dict[str, Any]:
    """What any browser is asked: whatever passkey it has for this site. It names nobody."""
    return ask(house, site, ALONE, browser, [])


def asked_second(house: House, site: Site, half: Recalled) -> dict[str, Any] | None:
    """What is asked of somebody whose passphrase was right; None where they have no passkey."""
    with reading(house.engine) as db:
        mine = passkeys.of_person(db, half.person.account_id)
    allowed = [each.credential_id for each in mine if each.proved_at and each.credential_id]
    return ask(house, site, SECOND, half.session.id.hex(), allowed) if allowed else None


def give_passkey(
    house: House,
    site: Site,
    half: Recalled,
    answer: str,
    source: Source,
    *,
    shared: bool,
) -> SignedIn:
    """In place of the code; `shared` as there. Raises CodeRefused, NotRight."""
    key = count_try(house, half.person.account_id)
    try:
        used = use(house, site, SECOND, half.session.id.hex(), answer, half.person.account_id)
        if used.proved_at is None or half.keyring is None:
            raise BadPasskey("not proved")
        require_signed(half.keyring, used)
    except BadPasskey as bad:
        raise CodeRefused("That passkey does not count here. Give a code instead.") from bad
    with tending(house) as db:
        factors.clear_bucket(db, key)
    return enter(house, half, FactorKind.PASSKEY.value, source, shared=shared)


def sign_in_with_passkey(
    house: House,
    site: Site,
    browser: str,
    answer: str,
    prf: str,
    source: Source,
    *,
    shared: bool,
) -> SignedIn:
    """By itself. `browser` is what the challenge was bound to, `shared` as in sign_in.give_code.
    Raises NotRight, KeyAlarm."""
    owner = owner_of(house, PURPOSE, source)
    charged = attempt(house, PURPOSE, owner or "", owner, source)
    try:
        half = half_with_passkey(house, site, ALONE, browser, answer, prf)
    except BadPasskey as bad:
        count_attempt(house, "passkey", source.address)
        raise NotRight(REFUSED) from bad
    done = enter(house, half, FactorKind.PASSKEY.value, source, shared=shared)
    give_back(house, charged)
    return done


def half_with_passkey(
    house: House,
    site: Site,
    purpose: str,
    bound_to: str,
    answer: str,
    prf: str,
    owner: AccountId | None = None,
) -> Recalled:
    """A session half way in, whose keyring a passkey has opened. Raises BadPasskey, KeyAlarm."""
    person, keyring = open_with_passkey(house, site, purpose, bound_to, answer, prf, owner)
    with tending(house) as db:
        secret = begin(house, db, person, Stage.PASSPHRASE, keyring, house.clock.now())
    half = recall(house, secret)
    if not isinstance(half, Recalled):
        raise BadPasskey("over at once")
    return half
