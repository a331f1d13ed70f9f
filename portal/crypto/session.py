"""Sessions whose key only the browser holds.

The cookie is a secret of 32 bytes.  The row is found by a value derived from it, and holds the
keyring under a key from the secret and the server's session key.  The row without the cookie, and
the cookie without the row or without the server's key, open nothing.
"""

from __future__ import annotations

import hmac
import json
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from portal.crypto.derive import derive
from portal.crypto.keyring import Keyring
from portal.domain.ids import AccountId

SECRET_SIZE = 32
_NONCE_SIZE = 12


class SessionRefused(Exception):
    """The row does not belong to this cookie, person, expiry and server."""


def new_secret() -> bytes:
    """The cookie's 32 random bytes."""
    return secrets.token_bytes(SECRET_SIZE)


def row_id(secret: bytes) -> bytes:
    """32 bytes to find the row by; nobody can get from it to the cookie."""
    return derive(_checked(secret), "portal/v1/session-id")


def wrap(
    secret: bytes, server_key: bytes, keyring: Keyring, account_id: AccountId, expires: str
) -> bytes:
    """The keyring as the row holds it, bound to the row, the person and the expiry."""
    nonce = secrets.token_bytes(_NONCE_SIZE)
    clear = b"".join([keyring.signing_seed, *keyring.seeds])
    return nonce + _cipher(secret, server_key).encrypt(
        nonce, clear, _binding(secret, account_id, expires)
    )


def unwrap(
    secret: bytes, server_key: bytes, wrapped: bytes, account_id: AccountId, expires: str
) -> Keyring:
    """The keyring; `account_id` and `expires` are what the row says now.

    Raises `SessionRefused` if any of the five is not the one it was wrapped with.
    """
    nonce, sealed = wrapped[:_NONCE_SIZE], wrapped[_NONCE_SIZE:]
    if len(nonce) != _NONCE_SIZE:
        raise SessionRefused("this session row is malformed")
    try:
        clear = _cipher(secret, server_key).decrypt(
            nonce, sealed, _binding(secret, account_id, expires)
        )
    except InvalidTag:
        raise SessionRefused("this session row does not belong to this cookie") from None
    signing_seed, *seeds = (clear[i : i + 32] for i in range(0, len(clear), 32))
    return Keyring(tuple(seeds), signing_seed)


def mark(secret: bytes, server_key: bytes, account_id: AccountId, terms: str) -> bytes:
    """32 bytes (HMAC-SHA-256) that only cookie and server together can make: what the row says of
    itself is believed by them, also while it holds no keyring."""
    key = derive(_checked(secret) + _checked(server_key), "portal/v1/session-mark")
    return hmac.digest(key, _binding(secret, account_id, terms), "sha256")


def is_marked(
    secret: bytes, server_key: bytes, found: bytes, account_id: AccountId, terms: str
) -> bool:
    """Whether the row is as it was written."""
    return hmac.compare_digest(found, mark(secret, server_key, account_id, terms))


def _checked(secret: bytes) -> bytes:
    if len(secret) != SECRET_SIZE:
        raise SessionRefused("a session cookie has 32 bytes")
    return secret


def _cipher(secret: bytes, server_key: bytes) -> ChaCha20Poly1305:
    if len(server_key) != SECRET_SIZE:
        raise ValueError("the server's session key has 32 bytes")
    return ChaCha20Poly1305(derive(_checked(secret) + server_key, "portal/v1/session-wrap"))


def _binding(secret: bytes, account_id: AccountId, expires: str) -> bytes:
    return json.dumps([row_id(secret).hex(), account_id, expires]).encode()
