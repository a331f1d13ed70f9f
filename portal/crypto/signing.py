"""Ed25519 signatures, each made for one purpose and valid for no other."""

from __future__ import annotations

import secrets

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from portal.crypto.derive import labelled

SEED_SIZE = 32


class BadSignature(Exception):
    """This signature was not made by that key, over that text, for that purpose."""


def new_seed() -> bytes:
    """A new private signing key: 32 random bytes."""
    return secrets.token_bytes(SEED_SIZE)


def public_key(seed: bytes) -> bytes:
    """The 32-byte public key of `seed`."""
    return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()


def sign(seed: bytes, label: str, body: bytes) -> bytes:
    """The 64-byte signature of `body` for the purpose `label` (`portal/v1/...`)."""
    return Ed25519PrivateKey.from_private_bytes(seed).sign(labelled(label, body))


def verify(public: bytes, label: str, body: bytes, signature: bytes) -> None:
    """Returns if `signature` is good; raises `BadSignature` otherwise, also on a malformed key."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, labelled(label, body))
    except (InvalidSignature, ValueError):
        raise BadSignature("the signature does not agree") from None
