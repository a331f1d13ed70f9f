"""Opens an old .doc that is locked with a password ([MS-DOC] 2.2.6.2 and 2.2.6.3: RC4, CryptoAPI).

Each stream of text is put back in its own place, so that nothing is written anywhere but here.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Mapping, Sequence
from typing import Any, Final

from msoffcrypto.format.doc97 import Doc97File
from msoffcrypto.method.rc4 import DocumentRC4
from msoffcrypto.method.rc4_cryptoapi import DocumentRC4CryptoAPI
from olefile import OleFileIO

from portal.documents.boxed.unlock import given, reading_a_lock, try_password

_TEXT: Final = "WordDocument"
_PICTURES: Final = "Data"
_IN_THE_CLEAR: Final = 0x44  # bytes of the text's head that are never locked ([MS-DOC] 2.2.6.2)
_LOCKS: Final = 0x0100 | 0x8000


def task(asked: Mapping[str, Any], blobs: Sequence[bytes]) -> tuple[dict[str, object], list[bytes]]:
    """The .doc `blobs[0]` without its lock, by `asked["password"]`, which is tried once.

    Raises RefusedError: `password`, `wrong_password`, `protected` for other locks, `damaged`.
    """
    password = given(asked)
    with reading_a_lock():
        locked = Doc97File(io.BytesIO(blobs[0]))
        try_password(locked, password)
        out = io.BytesIO(blobs[0])
        opened = OleFileIO(out, write_mode=True)
        for name in (_TEXT, locked.info.tablename, _PICTURES):
            if name == _PICTURES and not opened.exists(name):
                continue
            body = locked.ole.openstream(name).read()
            clear = _clear(locked, body)
            if name == _TEXT:
                clear = _head(body) + clear[_IN_THE_CLEAR:]
            opened.write_stream(name, clear)
    return {}, [out.getvalue()]


def _clear(locked: Doc97File, body: bytes) -> bytes:
    sealed = io.BytesIO(body)
    if locked.type == "rc4":
        read = DocumentRC4.decrypt(locked.key, locked.salt, sealed)
    else:
        read = DocumentRC4CryptoAPI.decrypt(locked.key, locked.salt, locked.keySize, sealed)
    return bytes(read.getvalue())


def _head(body: bytes) -> bytes:
    """The head of the text, which says that there is no lock and no key ([MS-DOC] 2.5.2)."""
    head = bytearray(body[:_IN_THE_CLEAR])
    (flags,) = struct.unpack_from("<H", head, 10)
    struct.pack_into("<H", head, 10, flags & ~_LOCKS)
    struct.pack_into("<L", head, 14, 0)
    return bytes(head)
