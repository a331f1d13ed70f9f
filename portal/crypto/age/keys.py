"""What a recipient and an identity are, and how their texts and identity files are read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from portal.crypto.age.errors import BadKey, Refused
from portal.crypto.age.format import Stanza
from portal.crypto.age.hybrid import RECIPIENT_SIZE, HybridIdentity, HybridRecipient
from portal.crypto.age.x25519 import X25519Identity, X25519Recipient

_ENCRYPTED_STARTS = ("age-encryption.org/", "-----BEGIN AGE ENCRYPTED FILE-----")


class Recipient(Protocol):
    """A public key that a file key can be wrapped to; `str()` is its age text."""

    raw: bytes

    @property
    def post_quantum(self) -> bool: ...

    def wrap(self, file_key: bytes) -> Stanza: ...


class Identity(Protocol):
    """A private key that unwraps file keys; `str()` is its age text, a secret.

    `unwrap` gives 16 bytes or nothing: it refuses a stanza whose body has not exactly the length
    of a wrapped file key before opening it.
    """

    raw: bytes

    def unwrap(self, stanza: Stanza) -> bytes | None: ...


def recipient(key: str | bytes) -> X25519Recipient | HybridRecipient:
    """The recipient with this text, or these raw bytes (1216 hybrid, 32 X25519).

    Raises `BadKey`.
    """
    if isinstance(key, str):
        kind = HybridRecipient if key.lower().startswith("age1pq1") else X25519Recipient
        return kind(key)
    return HybridRecipient(key) if len(key) == RECIPIENT_SIZE else X25519Recipient(key)


def identity(text: str) -> X25519Identity | HybridIdentity:
    """The identity with this text.  (Raw bytes don't tell their kind: use its class.)

    Raises `BadKey`.
    """
    if text.startswith("AGE-SECRET-KEY-PQ-1"):
        return HybridIdentity(text)
    return X25519Identity(text)


def identities_in(lines: Iterable[str]) -> list[Identity]:
    """The identities of an identity file: one a line; empty lines and `#` comments are skipped.

    Raises `Refused` on a file that is itself encrypted, `BadKey` on any other line or none.
    """
    found: list[Identity] = []
    for number, line in enumerate(lines, start=1):
        line = line.strip()
        if line.startswith(_ENCRYPTED_STARTS):
            raise Refused("this identity file is itself encrypted: open it first")
        if not line or line.startswith("#"):
            continue
        try:
            found.append(identity(line))
        except BadKey as error:
            # The line itself is never quoted: it may be a secret with a slip in it.
            raise BadKey(f"line {number} is not an age identity: {error}") from None
    if not found:
        raise BadKey("there is no age identity in this file")
    return found
