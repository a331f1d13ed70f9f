"""What passkey ceremonies share: a challenge of ours, once, and a row that its owner signed."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from typing import Any

from portal.crypto import challenge as challenges
from portal.crypto.age.hybrid import HybridIdentity
from portal.crypto.keyring import Keyring
from portal.crypto.serverkeys import KeyKind
from portal.crypto.signing import BadSignature, sign, verify
from portal.crypto.unlock import from_passkey
from portal.domain.ids import AccountId
from portal.identity import passkey
from portal.identity.passkey import BadPasskey, Site
from portal.journeys.deed import tending
from portal.journeys.house import House
from portal.records import passkeys
from portal.records.database import reading
from portal.records.passkeys import Passkey

LABEL = "portal/v1/passkey"
TABLE = "passkeys"


def ask(
    house: House, site: Site, purpose: str, bound_to: str, allowed: list[bytes]
) -> dict[str, Any]:
    """What a browser is asked to have signed. `bound_to` names the session or the browser."""
    now = house.clock.now()
    made = challenges.new_challenge(house.server_keys.session, purpose, bound_to, now)
    return passkey.request_options(site, made, allowed)


def challenge_of(
    house: House,
    purpose: str,
    bound_to: str,
    answer: str,
    lasts: timedelta = challenges.LASTS,
) -> bytes:
    """The challenge of an answer, if it was ours. Raises BadPasskey."""
    found = passkey.challenge_in(answer)
    now = house.clock.now()
    if not any(
        challenges.is_ours(found, key, purpose, bound_to, now, lasts)
        for key in house.server_keys.in_use(KeyKind.SESSION)
    ):
        raise BadPasskey("not our challenge")
    return found


def use(
    house: House,
    site: Site,
    purpose: str,
    bound_to: str,
    answer: str,
    owner: AccountId | None,
    *,
    lasts: timedelta = challenges.LASTS,
) -> Passkey:
    """The passkey that answered, once for this challenge; `owner` None: whoever it belongs to.

    Raises BadPasskey. The challenge and the count are spent in a transaction of their own.
    """
    asked = challenge_of(house, purpose, bound_to, answer, lasts)
    with reading(house.engine) as db:
        found = passkeys.by_credential(db, passkey.credential_in(answer))
    if found is None or (owner is not None and found.person_id != owner):
        raise BadPasskey("not theirs")
    count = passkey.verify_use(site, asked, answer, found.public_key, found.sign_count)
    hashed = hashlib.sha256(asked).digest()
    with tending(house) as db:
        spent = passkeys.SpentChallenge(hashed, house.clock.now())
        if not passkeys.spend_challenge(db, spent):
            raise BadPasskey("challenge used before")
        if not passkeys.count(db, found.id, found.sign_count, count):
            raise BadPasskey("used elsewhere meanwhile")
    return found


def unlock_identity(account_id: AccountId, prf: str) -> HybridIdentity | None:
    """What a passkey's pseudo-random function gives to open with; None where it gave nothing.

    Raises BadPasskey on anything that is not 32 bytes.
    """
    from webauthn.helpers import base64url_to_bytes

    if not prf:
        return None
    try:
        raw = base64url_to_bytes(prf)
        return from_passkey(raw, account_id)
    except ValueError:
        raise BadPasskey("prf") from None


def signed_by(keyring: Keyring, row: Passkey) -> bytes:
    """The owner's signature over what the row is."""
    return sign(keyring.signing_seed, LABEL, _body(row))


def require_signed(keyring: Keyring, row: Passkey) -> None:
    """Raises BadPasskey where the row is not its owner's: somebody with the database wrote it."""
    try:
        verify(keyring.signing_public(), LABEL, _body(row), row.signature)
    except BadSignature:
        raise BadPasskey("row not signed by its owner") from None


def _body(row: Passkey) -> bytes:
    return json.dumps(
        [
            row.id,
            row.person_id,
            (row.credential_id or b"").hex(),
            row.public_key.hex(),
            row.recipient.hex(),
        ]
    ).encode()
