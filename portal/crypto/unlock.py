"""Unlock methods: from what a person knows or keeps to a key pair that opens their keyring.

No password hash is stored anywhere: the right passphrase opens the keyring, and that is the test.
"""

from __future__ import annotations

import unicodedata

from portal.crypto.age.hybrid import HybridIdentity
from portal.crypto.argon import BelowFloor, Params, argon2id
from portal.crypto.derive import derive
from portal.crypto.recovery_code import SIZE as CODE_SIZE
from portal.crypto.recovery_code import BadCode, new_recovery_code, parse_recovery_code
from portal.domain.ids import AccountId

__all__ = [
    "DEFAULT",
    "FLOOR",
    "BadCode",
    "BelowFloor",
    "Params",
    "from_passkey",
    "from_passphrase",
    "from_recovery_code",
    "new_recovery_code",
    "parse_recovery_code",
]

DEFAULT = Params(memory_kib=64 * 1024, iterations=3, lanes=1)
FLOOR = DEFAULT
PEPPER_SIZE = 32


def from_passphrase(
    passphrase: str,
    salt: bytes,
    pepper: bytes,
    account_id: AccountId,
    params: Params = DEFAULT,
    *,
    floor: Params = FLOOR,
) -> HybridIdentity:
    """The unlock key pair of a passphrase: Argon2id, then HKDF with the server's pepper.

    The whole passphrase counts, after NFKC (NIST SP 800-63B), with its spaces, however long.
    `salt` is the person's own, at least 16 bytes; the pair is bound to `account_id`.  Raises
    `BelowFloor` on stored parameters that were lowered.  For a person who is not known, call it
    all the same, with any salt: the cost must not tell who has an account.
    """
    if len(pepper) != PEPPER_SIZE:
        raise ValueError("the pepper has 32 bytes")
    normal_clear = unicodedata.normalize("NFKC", passphrase).encode()
    stretched = argon2id(normal_clear, salt, params, floor)
    seed = derive(stretched + pepper, "portal/v1/unlock/passphrase", account_id, salt=salt)
    return HybridIdentity(seed)


def from_passkey(prf: bytes, account_id: AccountId) -> HybridIdentity:
    """The unlock key pair of a passkey: HKDF of what its pseudo-random function gave (32 bytes).

    256 bits that only the passkey can make need no stretching. Raises ValueError.
    """
    if len(prf) != 32:
        raise ValueError("a passkey's pseudo-random function gives 32 bytes")
    return HybridIdentity(derive(prf, "portal/v1/unlock/passkey", account_id))


def from_recovery_code(raw: bytes, account_id: AccountId) -> HybridIdentity:
    """The unlock key pair of a recovery code (20 bytes from `parse_recovery_code`).

    160 random bits need no stretching.
    """
    if len(raw) != CODE_SIZE:
        raise ValueError("a recovery code has 20 bytes")
    return HybridIdentity(derive(raw, "portal/v1/unlock/recovery", account_id))
