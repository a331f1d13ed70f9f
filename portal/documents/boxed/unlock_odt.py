"""Opens an .odt that is locked with a password (OpenDocument 1.2 part 3, 3.4 and 4.8 to 4.16).

Each part is sealed on its own, after it was packed; the list of parts says how. The ways that
office programs have used since 2005 are known: AES in CBC mode, and Blowfish in CFB mode before.
LibreOffice since 24.8 seals the whole file as one part, with AES in GCM mode and a key by Argon2id
(RFC 9106; its own extension of the list of parts).
"""

from __future__ import annotations

import hashlib
import hmac
import zlib
from collections.abc import Mapping, Sequence
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.decrepit.ciphers.algorithms import Blowfish
from cryptography.hazmat.decrepit.ciphers.modes import CFB
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from portal.documents.boxed.archive import Archive, Bounds, pack
from portal.documents.boxed.odtlocks import MANIFEST, Locks, Sealed
from portal.documents.boxed.rewrite import rewrite
from portal.documents.boxed.unlock import given
from portal.documents.boxed.verdict import RefusedError

_CHECKED: Final = 1024  # bytes of a packed part of which a checksum is kept (4.8.4)
_BLOCK: Final = 16
_HASHES: Final = {"sha1": "sha1", "sha256": "sha256"}
_WHOLE: Final = "encrypted-package"
_VECTOR, _SEAL = 12, 16  # bytes before and behind what AES-GCM sealed (XML Encryption 1.1, 5.2.4)
# Office programs ask for 3 passes over 64 MiB in 4 lanes.
_MOST_PASSES, _MOST_KIB, _MOST_LANES = 6, 256 * 1024, 16


def task(asked: Mapping[str, Any], blobs: Sequence[bytes]) -> tuple[dict[str, object], list[bytes]]:
    """The .odt `blobs[0]` without its lock, by `asked["password"]`, which is tried once.

    Raises RefusedError: `password`, `wrong_password`, `too_heavy` for more than the bounds allow,
    and as Archive does; `damaged`. Before a password is asked for: `protected` where none opens it,
    `locked` for ways of sealing that are not known.
    """
    bounds = Bounds(
        int(asked["unpacked"]), int(asked["part"]), int(asked["entries"]), int(asked["ratio"])
    )
    bodies = dict(Archive(blobs[0], bounds).parts())
    locks = Locks()
    bodies[MANIFEST] = rewrite(bodies.get(MANIFEST, b""), locks)
    for sealed in locks.found.values():
        _require_known(sealed)
    password = given(asked)
    left, opened = bounds.total, False
    for name, sealed in locks.found.items():
        if name not in bodies:
            raise RefusedError("damaged")
        packed = _opened(bodies[name], sealed, password)
        if packed is None or not _is_what_was_put_there(packed, sealed):
            raise RefusedError("damaged" if opened else "wrong_password")
        opened = True
        bodies[name] = _unpacked(packed, left)
        left -= len(bodies[name])
    if _WHOLE in locks.found:
        return {}, [bodies[_WHOLE]]
    return {}, [pack(list(bodies.items()))]


def _require_known(sealed: Sealed) -> None:
    """Raises RefusedError `locked` and `protected`."""
    by = sealed.text("key-derivation", "key-derivation-name")
    way = sealed.text("algorithm", "algorithm-name")
    size = sealed.number("key-derivation", "key-size", 16)
    if by == "pgp":
        raise RefusedError("protected")
    if by not in ("pbkdf2", "argon2id") or _start(sealed) is None or size not in (16, 24, 32):
        raise RefusedError("locked")
    aes = way in ("aes128-cbc", "aes192-cbc", "aes256-cbc", f"aes{8 * size}-gcm")
    if not aes and way != "blowfish cfb":
        raise RefusedError("locked")


def _opened(body: bytes, sealed: Sealed, password: str) -> bytes | None:
    """None where its seal says that this is not its key, or that it was changed."""
    key = _key(sealed, password)
    way = sealed.text("algorithm", "algorithm-name")
    vector = sealed.data("algorithm", "initialisation-vector")
    if way == "blowfish cfb":
        if len(vector) != Blowfish.block_size // 8:
            raise RefusedError("damaged")
        return Cipher(Blowfish(key), CFB(vector)).decryptor().update(body)
    if way.endswith("-gcm"):
        if len(vector) != _VECTOR or body[:_VECTOR] != vector or len(body) < _VECTOR + _SEAL:
            raise RefusedError("damaged")
        try:
            return AESGCM(key).decrypt(vector, body[_VECTOR:], None)
        except InvalidTag:
            return None
    if len(vector) != _BLOCK or not body or len(body) % _BLOCK:
        raise RefusedError("damaged")
    padded = Cipher(AES(key), CBC(vector)).decryptor().update(body)
    return padded[: -padded[-1]] if 1 <= padded[-1] <= _BLOCK else padded


def _start(sealed: Sealed) -> str | None:
    return _HASHES.get(sealed.text("start-key-generation", "start-key-generation-name", "sha1"))


def _key(sealed: Sealed, password: str) -> bytes:
    start = hashlib.new(str(_start(sealed)), password.encode(), usedforsecurity=False).digest()
    size = sealed.number("key-derivation", "key-size", 16)
    salt = sealed.data("key-derivation", "salt")
    if sealed.text("key-derivation", "key-derivation-name") == "argon2id":
        return _by_argon2(sealed, start, salt, size)
    turns = sealed.number("key-derivation", "iteration-count", 1024)
    return hashlib.pbkdf2_hmac("sha1", start, salt, turns, size)


def _by_argon2(sealed: Sealed, start: bytes, salt: bytes, size: int) -> bytes:
    """Raises RefusedError `too_heavy` for more work than any office program asks for."""
    passes, kib, lanes = (
        sealed.number("key-derivation", f"argon2-{name}", other)
        for name, other in (("iterations", 3), ("memory", 65536), ("lanes", 4))
    )
    if passes > _MOST_PASSES or kib > _MOST_KIB or lanes > _MOST_LANES:
        raise RefusedError("too_heavy")
    try:
        made = Argon2id(salt=salt, length=size, iterations=passes, lanes=lanes, memory_cost=kib)
        return made.derive(start)
    except ValueError as broken:
        raise RefusedError("damaged") from broken


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
