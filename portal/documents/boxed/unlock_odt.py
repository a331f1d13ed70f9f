"""Opens an .odt that is locked with a password (OpenDocument 1.2 part 3, 3.4 and 4.8 to 4.16).

Each part is sealed on its own, after it was packed; the list of parts says how. The two ways that
office programs have used since 2005 are known: AES in CBC mode, and Blowfish in CFB mode before.
"""

from __future__ import annotations

import hashlib
import hmac
import zlib
from collections.abc import Mapping, Sequence
from typing import Any, Final

from cryptography.hazmat.decrepit.ciphers.algorithms import Blowfish
from cryptography.hazmat.decrepit.ciphers.modes import CFB
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

from portal.documents.boxed.archive import Archive, Bounds, pack
from portal.documents.boxed.odtlocks import MANIFEST, Locks, Sealed
from portal.documents.boxed.rewrite import rewrite
from portal.documents.boxed.unlock import given
from portal.documents.boxed.verdict import RefusedError

_CHECKED: Final = 1024  # bytes of a packed part of which a checksum is kept (4.8.4)
_BLOCK: Final = 16
_HASHES: Final = {"sha1": "sha1", "sha256": "sha256"}


def task(asked: Mapping[str, Any], blobs: Sequence[bytes]) -> tuple[dict[str, object], list[bytes]]:
    """The .odt `blobs[0]` without its lock, by `asked["password"]`, which is tried once.

    Raises RefusedError: `password`, `wrong_password`, `locked` for other ways of sealing,
    `too_heavy` for more than the bounds allow, and as Archive does; `damaged`.
    """
    password = given(asked)
    bounds = Bounds(
        int(asked["unpacked"]), int(asked["part"]), int(asked["entries"]), int(asked["ratio"])
    )
    bodies = dict(Archive(blobs[0], bounds).parts())
    locks = Locks()
    bodies[MANIFEST] = rewrite(bodies.get(MANIFEST, b""), locks)
    left, opened = bounds.total, False
    for name, sealed in locks.found.items():
        if name not in bodies:
            raise RefusedError("damaged")
        packed = _opened(bodies[name], sealed, password)
        if not _is_what_was_put_there(packed, sealed):
            raise RefusedError("damaged" if opened else "wrong_password")
        opened = True
        bodies[name] = _unpacked(packed, left)
        left -= len(bodies[name])
    return {}, [pack(list(bodies.items()))]


def _opened(body: bytes, sealed: Sealed, password: str) -> bytes:
    """Raises RefusedError `locked` for a way of sealing that is not known here."""
    key = _key(sealed, password)
    way = sealed.text("algorithm", "algorithm-name")
    vector = sealed.data("algorithm", "initialisation-vector")
    if way == "blowfish cfb":
        if len(vector) != Blowfish.block_size // 8:
            raise RefusedError("damaged")
        return Cipher(Blowfish(key), CFB(vector)).decryptor().update(body)
    if not way.startswith("aes") or not way.endswith("-cbc"):
        raise RefusedError("locked")
    if len(vector) != _BLOCK or not body or len(body) % _BLOCK:
        raise RefusedError("damaged")
    padded = Cipher(AES(key), CBC(vector)).decryptor().update(body)
    return padded[: -padded[-1]] if 1 <= padded[-1] <= _BLOCK else padded


def _key(sealed: Sealed, password: str) -> bytes:
    start = _HASHES.get(sealed.text("start-key-generation", "start-key-generation-name", "sha1"))
    size = sealed.number("key-derivation", "key-size", 16)
    by = sealed.text("key-derivation", "key-derivation-name")
    if start is None or by != "pbkdf2" or size not in (16, 24, 32):
        raise RefusedError("locked")
    return hashlib.pbkdf2_hmac(
        "sha1",
        hashlib.new(start, password.encode(), usedforsecurity=False).digest(),
        sealed.data("key-derivation", "salt"),
        sealed.number("key-derivation", "iteration-count", 1024),
        size,
    )


def _is_what_was_put_there(packed: bytes, sealed: Sealed) -> bool:
    """By the checksum that was kept of it; whether it unpacks at all, where none was."""
    kept = sealed.data("encryption-data", "checksum")
    told = sealed.text("encryption-data", "checksum-type")
    kind = _HASHES.get(told.removesuffix("-1k").removesuffix("/1k"))
    if kind is None or not kept:
        try:
            zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, _CHECKED)
        except zlib.error:
            return False
        return True
    head = packed if told == kind else packed[:_CHECKED]
    return hmac.compare_digest(hashlib.new(kind, head, usedforsecurity=False).digest(), kept)


def _unpacked(packed: bytes, most: int) -> bytes:
    """Raises RefusedError as soon as it is too much."""
    reader = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        found = reader.decompress(packed, most + 1)
    except zlib.error as broken:
        raise RefusedError("damaged") from broken
    if len(found) > most:
        raise RefusedError("too_heavy")
    return found
