"""The post-quantum hybrid recipient of age v1 (`age1pq1...`, `AGE-SECRET-KEY-PQ-1...`).

HPKE base mode with MLKEM768-X25519 (X-Wing), HKDF-SHA256, ChaCha20-Poly1305.  Every key that the
portal makes is of this kind.  Source: age v1, "The MLKEM768-X25519 recipient type".
"""

from __future__ import annotations

import hashlib
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from portal.crypto.age import bech32
from portal.crypto.age.errors import BadKey, MalformedHeader
from portal.crypto.age.format import Stanza, from_base64, to_base64

KIND = "mlkem768x25519"
SEED_SIZE = 32
RECIPIENT_SIZE = 1216
_MLKEM_PUBLIC_SIZE = 1184
_MLKEM_SEED_SIZE = 64
_MLKEM_SHARE_SIZE = 1088
_SHARE_SIZE = 1120
_WRAPPED_SIZE = 32
_INFO = b"age-encryption.org/mlkem768x25519"
_SUITE = hpke.Suite(hpke.KEM.MLKEM768_X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.CHACHA20_POLY1305)


class HybridRecipient:
    """A public key, from its text or its 1216 raw bytes.  Raises `BadKey`."""

    post_quantum = True

    def __init__(self, key: str | bytes) -> None:
        self.raw = _from_text(key, "age1pq") if isinstance(key, str) else bytes(key)
        if len(self.raw) != RECIPIENT_SIZE:
            raise BadKey("a hybrid recipient has 1216 bytes")
        try:
            self._public = hpke.MLKEM768X25519PublicKey(
                MLKEM768PublicKey.from_public_bytes(self.raw[:_MLKEM_PUBLIC_SIZE]),
                X25519PublicKey.from_public_bytes(self.raw[_MLKEM_PUBLIC_SIZE:]),
            )
        except ValueError:
            raise BadKey("these bytes are not a hybrid recipient") from None

    def __str__(self) -> str:
        return bech32.encode("age1pq", self.raw)

    def wrap(self, file_key: bytes) -> Stanza:
        """A stanza which gives `file_key` to this recipient.  Raises `BadKey` on a weak key."""
        try:
            sealed = _SUITE.encrypt(file_key, self._public, _INFO)
        except ValueError:
            raise BadKey("this recipient is a weak point: anybody could open the file") from None
        return Stanza((KIND, to_base64(sealed[:_SHARE_SIZE])), sealed[_SHARE_SIZE:])


class HybridIdentity:
    """A private key, from its text or its 32-byte seed; a new one without.  Raises `BadKey`."""

    def __init__(self, key: str | bytes | None = None) -> None:
        if isinstance(key, str):
            if key != key.upper():
                raise BadKey("an age identity is written in capitals")
            key = _from_text(key, "age-secret-key-pq-")
        self.raw = secrets.token_bytes(SEED_SIZE) if key is None else bytes(key)
        if len(self.raw) != SEED_SIZE:
            raise BadKey("a hybrid identity has 32 bytes")
        expanded = hashlib.shake_256(self.raw).digest(_MLKEM_SEED_SIZE + 32)
        mlkem = MLKEM768PrivateKey.from_seed_bytes(expanded[:_MLKEM_SEED_SIZE])
        self._x25519 = X25519PrivateKey.from_private_bytes(expanded[_MLKEM_SEED_SIZE:])
        self._private = hpke.MLKEM768X25519PrivateKey(mlkem, self._x25519)
        self._public = (
            mlkem.public_key().public_bytes_raw() + self._x25519.public_key().public_bytes_raw()
        )

    def __str__(self) -> str:
        return bech32.encode("age-secret-key-pq-", self.raw).upper()

    def __repr__(self) -> str:
        return "HybridIdentity(...)"

    def recipient(self) -> HybridRecipient:
        """The public key of this identity."""
        return HybridRecipient(self._public)

    def unwrap(self, stanza: Stanza) -> bytes | None:
        """The file key, or nothing where the stanza is for another key or of another kind.

        Raises `MalformedHeader` on a hybrid stanza that breaks the specification.
        """
        if stanza.arguments[0] != KIND:
            return None
        if len(stanza.arguments) != 2:
            raise MalformedHeader("a hybrid recipient has the wrong number of arguments")
        share = from_base64(stanza.arguments[1].encode())
        if len(share) != _SHARE_SIZE or len(stanza.body) != _WRAPPED_SIZE:
            raise MalformedHeader("a hybrid recipient has the wrong length")
        try:
            return _SUITE.decrypt(share + stanza.body, self._private, _INFO)
        except (InvalidTag, ValueError):
            self._refuse_weak_point(share[_MLKEM_SHARE_SIZE:])
            return None

    def _refuse_weak_point(self, share: bytes) -> None:
        try:
            self._x25519.exchange(X25519PublicKey.from_public_bytes(share))
        except ValueError:
            raise MalformedHeader("a hybrid recipient holds a weak point") from None


def _from_text(text: str, prefix: str) -> bytes:
    found, raw = bech32.decode(text)
    if found != prefix:
        raise BadKey("this is not a hybrid age key")
    return raw
