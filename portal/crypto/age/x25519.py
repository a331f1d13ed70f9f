"""The X25519 recipient of age v1 (`age1...`, `AGE-SECRET-KEY-1...`), for people who bring one."""

from __future__ import annotations

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from portal.crypto.age import bech32
from portal.crypto.age.errors import BadKey, MalformedHeader
from portal.crypto.age.format import Stanza, from_base64, to_base64
from portal.crypto.age.hkdf import hkdf

KIND = "X25519"
KEY_SIZE = 32
_INFO = b"age-encryption.org/v1/X25519"
_WRAPPED_SIZE = 32
# Safe although constant: every wrap key is derived from a fresh ephemeral share, and used once.
_NONCE = bytes(12)


class X25519Recipient:
    """A public key, from its text or its 32 raw bytes.  Raises `BadKey`."""

    post_quantum = False

    def __init__(self, key: str | bytes) -> None:
        self.raw = _from_text(key, "age") if isinstance(key, str) else bytes(key)
        if len(self.raw) != KEY_SIZE:
            raise BadKey("an X25519 recipient has 32 bytes")
        self._public = X25519PublicKey.from_public_bytes(self.raw)

    def __str__(self) -> str:
        return bech32.encode("age", self.raw)

    def wrap(self, file_key: bytes) -> Stanza:
        """A stanza which gives `file_key` to this recipient.  Raises `BadKey` on a weak key."""
        ephemeral = X25519PrivateKey.generate()
        share = ephemeral.public_key().public_bytes_raw()
        try:
            shared = ephemeral.exchange(self._public)
        except ValueError:
            raise BadKey("this recipient is a weak point: anybody could open the file") from None
        key = hkdf(shared, share + self.raw, _INFO)
        body = ChaCha20Poly1305(key).encrypt(_NONCE, file_key, None)
        return Stanza((KIND, to_base64(share)), body)


class X25519Identity:
    """A private key, from its text or its 32 raw bytes; a new one without.  Raises `BadKey`."""

    def __init__(self, key: str | bytes | None = None) -> None:
        if isinstance(key, str):
            if key != key.upper():
                raise BadKey("an age identity is written in capitals")
            key = _from_text(key, "age-secret-key-")
        self.raw = secrets.token_bytes(KEY_SIZE) if key is None else bytes(key)
        if len(self.raw) != KEY_SIZE:
            raise BadKey("an X25519 identity has 32 bytes")
        self._private = X25519PrivateKey.from_private_bytes(self.raw)
        self._public = self._private.public_key().public_bytes_raw()

    def __str__(self) -> str:
        return bech32.encode("age-secret-key-", self.raw).upper()

    def __repr__(self) -> str:
        return "X25519Identity(...)"

    def recipient(self) -> X25519Recipient:
        """The public key of this identity."""
        return X25519Recipient(self._public)

    def unwrap(self, stanza: Stanza) -> bytes | None:
        """The file key, or nothing where the stanza is for another key or of another kind.

        Raises `MalformedHeader` on an X25519 stanza that breaks the specification.
        """
        if stanza.arguments[0] != KIND:
            return None
        if len(stanza.arguments) != 2:
            raise MalformedHeader("an X25519 recipient has the wrong number of arguments")
        share = from_base64(stanza.arguments[1].encode())
        if len(share) != KEY_SIZE or len(stanza.body) != _WRAPPED_SIZE:
            raise MalformedHeader("an X25519 recipient has the wrong length")
        try:
            shared = self._private.exchange(X25519PublicKey.from_public_bytes(share))
        except ValueError:
            raise MalformedHeader("an X25519 recipient holds a weak point") from None
        key = hkdf(shared, share + self._public, _INFO)
        try:
            return ChaCha20Poly1305(key).decrypt(_NONCE, stanza.body, None)
        except InvalidTag:
            return None


def _from_text(text: str, prefix: str) -> bytes:
    found, raw = bech32.decode(text)
    if found != prefix:
        raise BadKey("this is not an X25519 age key")
    return raw
