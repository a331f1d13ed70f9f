"""The server's keys as one sealed file of a backup, and the seal on a backup's list of contents.

The file is an ordinary age file that holds an ordinary tar archive, sealed to the recovery kit's
own key: `age -d` and `tar -x` give the keys back with no portal. The seal is an HMAC under a key
derived from the ledger's signing seed, so whoever cannot open the keys cannot make up a backup.
"""

from __future__ import annotations

import hashlib
import hmac
import io
import os
import re
import tarfile
from collections.abc import Sequence
from pathlib import Path

from portal.crypto.age.errors import AgeError
from portal.crypto.age.keys import Identity
from portal.crypto.derive import derive
from portal.crypto.sealing import open_text, seal_text
from portal.crypto.serverkeys import BadServerKeys

_SEAL = "portal/v1/backup"
_NAME = re.compile(r"[a-z0-9][a-z0-9.-]{0,63}\Z")
_LARGEST = 4096
_MOST = 1000


class BadKeysFile(Exception):
    """The sealed keys of a backup do not open, or hold something else; the message says which."""


def seal_keys(folder: Path, kit: bytes) -> bytes:
    """Every key file of `folder`, sealed to the raw public key of the kit alone.

    Raises BadServerKeys where there is something in it that is no small plain file.
    """
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for path in sorted(folder.iterdir()):
            if path.name in ("README.md", ".gitignore") or path.name.endswith(".part"):
                continue
            if path.is_symlink() or not path.is_file() or not _NAME.match(path.name):
                raise BadServerKeys(f"{path} is not a key, and cannot be backed up with them")
            body = path.read_bytes()
            if len(body) > _LARGEST:
                raise BadServerKeys(f"{path} is too long for a key")
            entry = tarfile.TarInfo(path.name)
            entry.mode, entry.size = 0o600, len(body)
            archive.addfile(entry, io.BytesIO(body))
    return seal_text(out.getvalue(), [kit])


def open_keys(sealed: bytes, identities: Sequence[Identity], folder: Path) -> None:
    """Write the keys of `seal_keys` into `folder`, which is made (0700, files 0600).

    Raises BadKeysFile; what stands in the archive decides no place outside of the folder.
    """
    try:
        clear = open_text(sealed, identities)
    except AgeError:
        raise BadKeysFile("the sealed keys do not open with this recovery kit") from None
    folder.mkdir(mode=0o700)
    try:
        with tarfile.open(fileobj=io.BytesIO(clear), mode="r:") as archive:
            entries = archive.getmembers()
            if not 0 < len(entries) <= _MOST:
                raise BadKeysFile("the sealed keys hold something else")
            for entry in entries:
                body = archive.extractfile(entry) if entry.isreg() else None
                if body is None or not _NAME.match(entry.name) or entry.size > _LARGEST:
                    raise BadKeysFile("the sealed keys hold something else")
                _write(folder / entry.name, body.read())
    except tarfile.TarError:
        raise BadKeysFile("the sealed keys hold something else") from None


def seal_of(ledger_seed: bytes, contents: bytes) -> str:
    """What stands beside a backup's list of contents (hex)."""
    return hmac.new(derive(ledger_seed, _SEAL), contents, hashlib.sha256).hexdigest()


def is_sealed(ledger_seed: bytes, contents: bytes, seal: str) -> bool:
    """Whether this list was written by whoever holds these keys."""
    return hmac.compare_digest(seal_of(ledger_seed, contents).encode(), seal.encode())


def _write(path: Path, body: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(handle, "wb") as out:
        out.write(body)
        out.flush()
        os.fsync(handle)
