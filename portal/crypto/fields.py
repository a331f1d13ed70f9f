"""Single database fields under a server key: the secrets of code apps.

AES-256-GCM.  Table, column and row are associated data, so a field copied to another place does
not open.  These fields protect a second factor, and no document.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_SIZE = 32
_NONCE_SIZE = 12
_FORM = b"\x01"


class BadField(Exception):
    """The field was changed, or stood at another place, or under another key."""


def seal_field(key: bytes, clear: bytes, table: str, column: str, row: str) -> bytes:
    """The sealed field: a form byte, 12 random bytes, the text, a 16-byte tag."""
    nonce = secrets.token_bytes(_NONCE_SIZE)
    return _FORM + nonce + _cipher(key).encrypt(nonce, clear, _place(table, column, row))


def open_field(key: bytes, sealed: bytes, table: str, column: str, row: str) -> bytes:
    """The clear text of a field at exactly this place; raises `BadField`."""
    form, nonce, body = sealed[:1], sealed[1 : 1 + _NONCE_SIZE], sealed[1 + _NONCE_SIZE :]
    if form != _FORM or len(nonce) != _NONCE_SIZE:
        raise BadField("this field is malformed")
    try:
        return _cipher(key).decrypt(nonce, body, _place(table, column, row))
    except InvalidTag:
        raise BadField("this field does not belong to this place and key") from None


def open_any(
    keys: Sequence[bytes], sealed: bytes, table: str, column: str, row: str
) -> tuple[bytes, int]:
    """The same under whichever of these keys sealed it, and that key's index; raises `BadField`."""
    for index, key in enumerate(keys):
        try:
            return open_field(key, sealed, table, column, row), index
        except BadField:
            continue
    raise BadField("this field does not belong to this place, or to a key of this server")


def _cipher(key: bytes) -> AESGCM:
    if len(key) != KEY_SIZE:
        raise ValueError("a field key has 32 bytes")
    return AESGCM(key)


def _place(table: str, column: str, row: str) -> bytes:
    return json.dumps([table, column, row]).encode()
