"""Whether nobody can look into an attached file without its password, a virus scanner included."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from typing import Final

from portal.documents.boxed import ole
from portal.documents.boxed.odtlocks import MANIFEST

_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Archives whose lists are packed or sealed themselves: one that is locked looks like any other.
_CANNOT_BE_TOLD: Final = (b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07")
_SEALED: Final = 0x1  # of a ZIP entry's flags (APPNOTE 4.4.4)
_STRONG: Final = 0x40
_LONGEST: Final = 1024 * 1024  # of a list of parts
_BROKEN: Final = (
    zipfile.BadZipFile, struct.error, zlib.error, EOFError, OSError, ValueError, IndexError,
    NotImplementedError, RuntimeError,
)  # fmt: skip


def is_shut(body: bytes) -> bool:
    """Of archives and Office files; those of which it cannot be told count as shut.

    A PDF says it when it is opened. What is damaged is not shut: a scanner sees it as it is.
    """
    if body.startswith(_CANNOT_BE_TOLD):
        return True
    if body.startswith(_OLE):
        return ole.is_shut(body)
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            if any(entry.flag_bits & (_SEALED | _STRONG) for entry in archive.infolist()):
                return True
            if MANIFEST not in archive.namelist():
                return False
            with archive.open(MANIFEST) as listed:
                return b"encryption-data" in listed.read(_LONGEST)
    except _BROKEN:
        return False
