"""Opens a Word file that is locked with a password ([MS-OFFCRYPTO] 2.3.4: Agile and Standard)."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

from msoffcrypto.exceptions import DecryptionError, InvalidKeyError
from msoffcrypto.format.ooxml import OOXMLFile

from portal.documents.boxed.verdict import RefusedError


def task(asked: Mapping[str, Any], blobs: Sequence[bytes]) -> tuple[dict[str, object], list[bytes]]:
    """The file within the container `blobs[0]`, by `asked["password"]`, which is tried once.

    Raises RefusedError: `password` where none is given, `wrong_password`, `protected` for locks
    that no password opens, `damaged` where what is within is not what was put there.
    """
    password = str(asked.get("password", ""))
    if not password:
        raise RefusedError("password")
    out = io.BytesIO()
    try:
        locked = OOXMLFile(io.BytesIO(blobs[0]))
        if not _opens(locked, password):
            raise RefusedError("wrong_password")
        locked.decrypt(out, verify_integrity=True)
    except InvalidKeyError as changed:
        raise RefusedError("damaged") from changed
    except DecryptionError as unknown:
        raise RefusedError("protected") from unknown
    except (RefusedError, MemoryError, RecursionError):
        raise
    except Exception as broken:
        # The library reads what a stranger sent: whatever it stumbles over cannot be opened.
        raise RefusedError("damaged") from broken
    return {}, [out.getvalue()]


def _opens(locked: OOXMLFile, password: str) -> bool:
    try:
        locked.load_key(password=password, verify_password=True)
    except InvalidKeyError:
        return False
    return True
