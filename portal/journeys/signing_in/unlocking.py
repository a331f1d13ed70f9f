"""Opening and sealing keyrings: the right secret opens it, and that is the only test there is.

Whoever asks, known or not, costs one Argon2 and one try at a keyring.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import replace
from datetime import datetime
from functools import cache

from sqlalchemy import Connection

from portal.chance import new_id
from portal.crypto.age.errors import AgeError
from portal.crypto.age.hybrid import HybridIdentity
from portal.crypto.argon import BelowFloor, Params
from portal.crypto.fingerprint import fingerprint
from portal.crypto.keyring import (
    BadKeyring,
    Keyring,
    matches,
    new_keyring,
    open_keyring,
    seal_keyring,
)
from portal.crypto.signing import BadSignature, sign, verify
from portal.crypto.unlock import DEFAULT, from_passphrase, from_recovery_code
from portal.domain.people import NOBODY, Account, Person
from portal.journeys.house import House
from portal.journeys.keys.directory import KeyAlarm
from portal.journeys.keys.standing import ended_keys
from portal.records import keys
from portal.records.keys import Unlock, UnlockKind

LABEL = "portal/v1/unlock-method"
SALT_BYTES = 16


def try_passphrase(
    house: House, db: Connection, person: Person | None, passphrase_clear: str
) -> Keyring | None:
    """The person's keyring, or None where the passphrase is wrong or nobody may sign in.

    Costs the same for somebody unknown, invited or gone as for a wrong passphrase. Raises KeyAlarm
    when the keyring that opens is not the one whose public keys are on record.
    """
    found = _derived(house, db, person, passphrase_clear, stands=_may_sign_in(person))
    return None if found is None else _open(db, person, *found)


def try_saved_passphrase(
    house: House, db: Connection, person: Person, passphrase_clear: str
) -> Keyring | None:
    """The keyring that somebody who is joining made, at the same price; None as above. No key of it
    is on record yet: whose it is has still to be proven (joining/saved.py)."""
    stands = person.account is Account.INVITED
    found = _derived(house, db, person, passphrase_clear, stands=stands)
    return None if found is None else _opened(*found)


def _derived(
    house: House, db: Connection, person: Person | None, passphrase_clear: str, *, stands: bool
) -> tuple[bytes, HybridIdentity] | None:
    """A sealed keyring, and what this passphrase would open; nobody's unless `stands`."""
    whose = person.account_id if person is not None else NOBODY
    unlock = keys.unlocks_of(db, whose).get(UnlockKind.PASSPHRASE)
    stored = keys.keyring_of(db, whose)
    salt, sealed = _nobody()
    params, pepper = DEFAULT, house.server_keys.pepper()
    if unlock is not None and stored is not None and stands:
        salt, sealed = unlock.salt, stored.sealed
        params = Params(unlock.memory_kib, unlock.iterations, unlock.lanes)
        pepper = house.server_keys.pepper(unlock.pepper_version)
    try:
        return sealed, from_passphrase(passphrase_clear, salt, pepper, whose, params)
    except BelowFloor:
        return None


def try_recovery_code(db: Connection, person: Person | None, raw: bytes) -> Keyring | None:
    """The person's keyring, or None, as with a passphrase."""
    whose = person.account_id if person is not None else NOBODY
    stored = keys.keyring_of(db, whose)
    sealed = stored.sealed if stored is not None and _may_sign_in(person) else _nobody()[1]
    return _open(db, person, sealed, from_recovery_code(raw, whose))


def is_older(house: House, unlock: Unlock) -> bool:
    """Whether this passphrase should be derived anew, now that it is at hand."""
    now = Params(unlock.memory_kib, unlock.iterations, unlock.lanes)
    return unlock.pepper_version < house.server_keys.pepper_version or not now.is_at_least(DEFAULT)


def new_passphrase_unlock(house: House, person: Person, passphrase_clear: str) -> Unlock:
    """The public half of what this passphrase unlocks; slow (Argon2)."""
    salt = secrets.token_bytes(SALT_BYTES)
    identity = from_passphrase(
        passphrase_clear, salt, house.server_keys.pepper(), person.account_id
    )
    return _unlock(house, person, UnlockKind.PASSPHRASE, identity, salt)


def new_recovery_unlock(house: House, person: Person, raw: bytes) -> Unlock:
    """The public half of what this recovery code unlocks."""
    identity = from_recovery_code(raw, person.account_id)
    return _unlock(house, person, UnlockKind.RECOVERY, identity, b"")


def reseal(db: Connection, person: Person, keyring: Keyring, *new: Unlock) -> None:
    """Keep these ways to unlock instead of the old ones of their kinds, and seal the keyring to
    all that there are now: what was replaced opens nothing any more.

    Each is signed by its owner. Raises KeyAlarm where one is not: somebody with the database put
    it there, to be handed the keyring the next time it is sealed.
    """
    for unlock in new:
        keys.save_unlock(db, signed(unlock, keyring))
    recipients = [
        _proven(unlock, person, keyring)
        for unlock in keys.unlocks_of(db, person.account_id).values()
    ]
    keys.save_keyring(
        db,
        keys.StoredKeyring(
            person.account_id, person.area_id, seal_keyring(keyring, recipients), new[0].made_at
        ),
    )


def reseal_all(db: Connection, person: Person, old: Keyring, new: Keyring, at: datetime) -> None:
    """The new keyring, sealed to every way to unlock the old one, each now signed with the new key.
    Raises KeyAlarm where one was not signed with the old."""
    ways = list(keys.unlocks_of(db, person.account_id).values())
    recipients = [_proven(unlock, person, old) for unlock in ways]
    for unlock in ways:
        keys.save_unlock(db, signed(unlock, new))
    sealed = seal_keyring(new, recipients)
    keys.save_keyring(db, keys.StoredKeyring(person.account_id, person.area_id, sealed, at))


def signed(unlock: Unlock, keyring: Keyring) -> Unlock:
    """The way to unlock, with its owner's signature."""
    return replace(unlock, signature=sign(keyring.signing_seed, LABEL, _body(unlock)))


def _proven(unlock: Unlock, person: Person, keyring: Keyring) -> bytes:
    """The recipient, once the owner's signature was checked."""
    try:
        verify(keyring.signing_public(), LABEL, _body(unlock), unlock.signature)
    except BadSignature:
        own = fingerprint(keyring.recipient(), keyring.signing_public())
        raise KeyAlarm(person.id, fingerprint(unlock.recipient, b""), own) from None
    return unlock.recipient


def _body(unlock: Unlock) -> bytes:
    return json.dumps(
        [
            unlock.person_id,
            unlock.kind.value,
            unlock.recipient.hex(),
            unlock.salt.hex(),
            unlock.memory_kib,
            unlock.iterations,
            unlock.lanes,
            unlock.pepper_version,
        ]
    ).encode()


def _open(
    db: Connection, person: Person | None, sealed: bytes, identity: HybridIdentity
) -> Keyring | None:
    keyring = _opened(sealed, identity)
    if person is None or keyring is None:
        return None
    require_registered(db, person, keyring)
    return keyring


def _opened(sealed: bytes, identity: HybridIdentity) -> Keyring | None:
    try:
        return open_keyring(sealed, identity)
    except (AgeError, BadKeyring):
        return None


def require_registered(db: Connection, person: Person, keyring: Keyring) -> None:
    """Raises KeyAlarm where the keyring that opened is not the one on record."""
    public = keys.public_key_of(db, person.area_id, person.id)
    # A keyring does not say who wrote it: somebody with the database could have put another there.
    same = public is not None and matches(keyring, public.recipient, public.sign_public)
    # Nor does a row say that this key was not ended since: the ledger does.
    if public is None or not same or public.fingerprint in ended_keys(db, person.area_id):
        found = fingerprint(keyring.recipient(), keyring.signing_public())
        raise KeyAlarm(person.id, found, "" if public is None else public.fingerprint)


def _unlock(
    house: House, person: Person, kind: UnlockKind, identity: HybridIdentity, salt: bytes
) -> Unlock:
    return Unlock(
        id=new_id(),
        area_id=person.area_id,
        person_id=person.account_id,
        kind=kind,
        recipient=identity.recipient().raw,
        salt=salt,
        memory_kib=DEFAULT.memory_kib,
        iterations=DEFAULT.iterations,
        lanes=DEFAULT.lanes,
        pepper_version=house.server_keys.pepper_version,
        made_at=house.clock.now(),
    )


def _may_sign_in(person: Person | None) -> bool:
    return person is not None and person.account is Account.ENROLLED


@cache
def _nobody() -> tuple[bytes, bytes]:
    """The salt and the keyring of nobody: tried where there is no other, and opened by nothing.

    As many ways to unlock as everybody has: trying one more would take longer, and tell.
    """
    nowhere = [HybridIdentity().recipient().raw for _ in UnlockKind]
    return secrets.token_bytes(SALT_BYTES), seal_keyring(new_keyring(), nowhere)
