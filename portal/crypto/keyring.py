"""A person's keyring: their identities, now and before, and their signing key.

It is kept as an ordinary age file (`keyring.age`), sealed to every unlock method of the person:
methods are key pairs, so one is added or removed without the others at hand.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass, field

from portal.crypto import signing
from portal.crypto.age.errors import AgeError, BadKey, Refused
from portal.crypto.age.hybrid import SEED_SIZE, HybridIdentity, HybridRecipient
from portal.crypto.age.keys import Identity
from portal.crypto.sealing import open_text, seal_text

_FORM = 1


class BadKeyring(Exception):
    """The file opened, and what it holds is not a keyring."""


@dataclass(frozen=True, slots=True)
class Keyring:
    """Raw 32-byte hybrid seeds, the newest first, and a 32-byte Ed25519 seed.  All secret."""

    seeds: tuple[bytes, ...] = field(repr=False)
    signing_seed: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if not self.seeds or any(len(seed) != SEED_SIZE for seed in self.seeds):
            raise BadKeyring("a keyring holds identities of 32 bytes each")
        if len(set(self.seeds)) != len(self.seeds):
            raise BadKeyring("an identity stands in this keyring twice")
        if len(self.signing_seed) != signing.SEED_SIZE:
            raise BadKeyring("a signing key has 32 bytes")

    def identities(self) -> tuple[HybridIdentity, ...]:
        """All identities, ready to open headers, the newest first."""
        return tuple(HybridIdentity(seed) for seed in self.seeds)

    def recipient(self) -> bytes:
        """The raw public key (1216 bytes) of the newest identity."""
        return HybridIdentity(self.seeds[0]).recipient().raw

    def signing_public(self) -> bytes:
        """The raw Ed25519 public key (32 bytes)."""
        return signing.public_key(self.signing_seed)


def new_keyring() -> Keyring:
    """A keyring with one new identity and a new signing key."""
    return Keyring((HybridIdentity().raw,), signing.new_seed())


def rotate(keyring: Keyring) -> Keyring:
    """A new identity and signing key; the earlier identities stay, for what was sealed to them."""
    return Keyring((HybridIdentity().raw, *keyring.seeds), signing.new_seed())


def seal_keyring(keyring: Keyring, unlock_recipients: Sequence[bytes]) -> bytes:
    """`keyring.age`, for these unlock methods (raw public keys, 1216 bytes each) and no others.

    The content is JSON with ordinary age identity texts, so that its owner can use them with the
    ordinary program.  Raises `Refused` on X25519 keys, ValueError without any method.
    """
    clear = json.dumps(
        {
            "form": _FORM,
            "identities": [str(identity) for identity in keyring.identities()],
            "signing": keyring.signing_seed.hex(),
        }
    ).encode()
    try:
        recipients = [HybridRecipient(raw) for raw in unlock_recipients]
    except BadKey:
        raise Refused("an unlock method of the portal is a post-quantum key") from None
    return seal_text(clear, recipients)


def open_keyring(blob: bytes, unlock_identity: Identity) -> Keyring:
    """The keyring in `blob`.

    Raises `NotForYou` where this is not (or no longer) one of its methods, another `AgeError`
    where the file is damaged, `BadKeyring` where it holds something else.  An age file does not
    say who wrote it: compare with the ledger afterwards (`matches`).
    """
    clear = open_text(blob, [unlock_identity])
    try:
        raw = json.loads(clear)
        if not isinstance(raw, dict) or set(raw) != {"form", "identities", "signing"}:
            raise ValueError
        if raw["form"] != _FORM:
            raise ValueError
        seeds = tuple(HybridIdentity(str(text)).raw for text in raw["identities"])
        return Keyring(seeds, bytes.fromhex(raw["signing"]))
    except (ValueError, TypeError, AgeError):
        # `from None`: the original error may quote what the file holds.
        raise BadKeyring("this file does not hold a keyring") from None


def matches(keyring: Keyring, recipient_raw: bytes, sign_public: bytes) -> bool:
    """Whether this keyring is the one whose public keys the ledger confirms.  Constant time."""
    same_recipient = hmac.compare_digest(keyring.recipient(), recipient_raw)
    same_signer = hmac.compare_digest(keyring.signing_public(), sign_public)
    return same_recipient and same_signer
