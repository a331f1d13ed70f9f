"""Opens a Word file that is locked with a password ([MS-OFFCRYPTO] 2.3.4: Agile and Standard)."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msoffcrypto.exceptions import DecryptionError, InvalidKeyError
from msoffcrypto.format.base import BaseOfficeFile
from msoffcrypto.format.ooxml import OOXMLFile

from portal.documents.boxed.verdict import RefusedError


def task(asked: Mapping[str, Any], blobs: Sequence[bytes]) -> tuple[dict[str, object], list[bytes]]:
    """The file within the container `blobs[0]`, by `asked["password"]`, which is tried once.

    Raises RefusedError: `password` where none is given, `wrong_password`, `protected` for locks
    that no password opens, `damaged` where what is within is not what was put there.
    """
    password = given(asked)
    out = io.BytesIO()
    with reading_a_lock():
        locked = OOXMLFile(io.BytesIO(blobs[0]))
        try_password(locked, password, verify_password=True)
        locked.decrypt(out, verify_integrity=True)
    return {}, [out.getvalue()]


def given(asked: Mapping[str, Any]) -> str:
    """The password that came with the file. Raises RefusedError `password` where none did."""
    password = str(asked.get("password", ""))
    if not password:
        raise RefusedError("password")
    return password


def try_password(locked: BaseOfficeFile, password: str, **more: bool) -> None:
    """Raises RefusedError `wrong_password`."""
    try:
        locked.load_key(password=password, **more)
    except InvalidKeyError:
        raise RefusedError("wrong_password") from None


@contextlib.contextmanager
def reading_a_lock() -> Iterator[None]:
    """Raises RefusedError for what the library says, whatever that is: it reads what a stranger
    sent, and what it stumbles over cannot be opened."""
    try:
        yield
    except InvalidKeyError as changed:
        raise RefusedError("damaged") from changed
    except DecryptionError as unknown:
        raise RefusedError("protected") from unknown
    except (RefusedError, MemoryError, RecursionError):
        raise
    except Exception as broken:
        raise RefusedError("damaged") from broken
