"""Key commitment: one payload has one key, and so one text.

ChaCha20-Poly1305 does not commit to its key: a payload can be made which opens under two file
keys to two different texts, so that two people would read different papers under one hash.  This
value stands in the signed manifest and is checked at every opening.
"""

from __future__ import annotations

import hmac

from portal.crypto.derive import derive

SIZE = 32


class WrongKey(Exception):
    """The file key is not the one that the signed manifest commits to: refuse, and raise alarm."""


def key_commit(file_key: bytes, version_id: str, payload_sha256: str) -> bytes:
    """32 bytes that bind `file_key` to one version and one payload (SHA-256 in hex).

    HMAC-SHA256 under a key derived from the file key, over the version and then the 32 bytes of
    the payload's hash, whose fixed length keeps the two apart.  Says nothing about the key.
    """
    digest = bytes.fromhex(payload_sha256)
    if len(digest) != 32:
        raise ValueError("a SHA-256 has 64 hexadecimal digits")
    key = derive(file_key, "portal/v1/commit")
    return hmac.digest(key, version_id.encode() + digest, "sha256")


def check_commit(file_key: bytes, version_id: str, payload_sha256: str, expected: bytes) -> None:
    """Raises `WrongKey` unless `expected` is this key's commitment.  Constant time."""
    if not hmac.compare_digest(key_commit(file_key, version_id, payload_sha256), expected):
        raise WrongKey("this key is not the one that was signed for this paper")
