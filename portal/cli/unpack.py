"""The files of a backup, checked and laid out as an installation: the first half of restoring."""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path

from portal.crypto import serverkeys
from portal.crypto.age.keys import Identity
from portal.crypto.backups import BadKeysFile, is_sealed, open_keys
from portal.crypto.serverkeys import BadServerKeys, KeyKind
from portal.domain import backups
from portal.domain.backups import BadContents, Contents

_MOST_OF_A_LIST = 1 << 30


class BadBackup(Exception):
    """The backup is damaged, cut, swapped or of something else; the message says what to do."""


def unpack(source: Path, keys: Path, kit: Identity, to: Path) -> Contents:
    """Lay the backup in `source` out in `to`, which is made, when every byte of it is proven.

    `keys` is the sealed file that was kept apart, `kit` the identity the custodians recovered.
    Raises BadBackup or OSError; what was begun is the caller's to remove.
    """
    body = _read(source / backups.CONTENTS)
    try:
        contents = backups.read(body)
    except BadContents as bad:
        raise BadBackup(f"{str(bad).capitalize()}.") from None
    sealed = _read(keys)
    if hashlib.sha256(sealed).hexdigest() != contents.keys:
        raise BadBackup("The sealed keys are not those of this backup, or they are damaged.")
    to.mkdir(mode=0o700, parents=True)
    try:
        open_keys(sealed, [kit], to / "keys")
        seeds = serverkeys.load(to / "keys", production=False).in_use(KeyKind.LEDGER)
    except (BadKeysFile, BadServerKeys) as bad:
        raise BadBackup(f"{str(bad).capitalize()}.") from None
    seal = _read(source / backups.SEAL).decode("ascii", "replace").strip()
    if not any(is_sealed(seed, body, seal) for seed in seeds):
        raise BadBackup("The list of its contents was changed, or is of another installation.")
    _copy(source / backups.DATABASE, to / backups.DATABASE, contents.database, "The database")
    _copy(source / backups.SETTINGS, to / backups.SETTINGS, contents.settings, "The settings file")
    (to / backups.PAPERS).mkdir(mode=0o700)
    for name in contents.payloads:
        (to / backups.PAPERS / name[:2]).mkdir(mode=0o700, exist_ok=True)
        place = Path(backups.PAPERS, name[:2], name)
        _copy(source / place, to / place, name, "A sealed paper")
    for kits in (backups.KIT, backups.AREAS):
        if (source / kits).is_dir():
            shutil.copytree(source / kits, to / kits, copy_function=shutil.copyfile)
    return contents


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > _MOST_OF_A_LIST:
            raise BadBackup(f"{path.name} is too long.")
        return path.read_bytes()
    except FileNotFoundError:
        raise BadBackup(f"{path.name} is missing: this is no whole backup.") from None


def _copy(source: Path, to: Path, sha256: str, what: str) -> None:
    """Copy a file and prove what was copied."""
    hashed = hashlib.sha256()
    try:
        with source.open("rb") as file, to.open("xb") as out:
            os.fchmod(out.fileno(), 0o600)
            while piece := file.read(1 << 20):
                hashed.update(piece)
                out.write(piece)
            out.flush()
            os.fsync(out.fileno())
    except FileNotFoundError:
        raise BadBackup(f"{what} is missing ({source.name}): use another backup.") from None
    if hashed.hexdigest() != sha256:
        raise BadBackup(f"{what} is damaged or another one ({source.name}): use another backup.")
