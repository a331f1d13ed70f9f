"""The server's own keys, in a folder that only the server's user can read.

`pepper-N` (one a version), `session`, `field`, `ledger`: 32 random bytes each, as hexadecimal
digits after a line that says what they are.  None of them opens a document.
"""

from __future__ import annotations

import os
import secrets
import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

KEY_SIZE = 32
_SINGLE = ("session", "field", "ledger")
_PEPPER = "pepper-"
_REAL, _DEVELOPMENT = "portal-key v1", "portal-key v1 development"


class BadServerKeys(Exception):
    """The keys are missing, malformed, open to others, or not fit for production."""


@dataclass(frozen=True, slots=True)
class ServerKeys:
    """All keys of this server, 32 bytes each; peppers by version, from 1."""

    peppers: Mapping[int, bytes] = field(repr=False)
    session: bytes = field(repr=False)
    field_key: bytes = field(repr=False)
    ledger_seed: bytes = field(repr=False)
    development: bool

    @property
    def pepper_version(self) -> int:
        """The newest pepper: for everything that is derived anew."""
        return max(self.peppers)

    def pepper(self, version: int | None = None) -> bytes:
        """The pepper of `version`, or the newest; raises `BadServerKeys` if it is not there."""
        wanted = self.pepper_version if version is None else version
        if wanted not in self.peppers:
            raise BadServerKeys(f"pepper {wanted} is missing: nobody who uses it can sign in")
        return self.peppers[wanted]


def create(folder: Path, *, development: bool = False) -> ServerKeys:
    """Makes the folder (0700) with a new key in each file (0600), and loads them.

    Raises `BadServerKeys` if a key is there already: nothing is ever overwritten.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if any(path.name in _SINGLE or path.name.startswith(_PEPPER) for path in folder.iterdir()):
        raise BadServerKeys(f"there are keys in {folder} already")
    folder.chmod(0o700)
    for name in (*_SINGLE, _PEPPER + "1"):
        _write(folder / name, development)
    return load(folder, production=False)


def add_pepper(folder: Path) -> ServerKeys:
    """Adds the next version of the pepper; each person moves to it at their next sign-in."""
    now = load(folder, production=False)
    _write(folder / f"{_PEPPER}{now.pepper_version + 1}", now.development)
    return load(folder, production=False)


def load(folder: Path, production: bool) -> ServerKeys:
    """The keys in `folder`.

    Raises `BadServerKeys` where one is missing or malformed, where the folder or a file is open
    to other users or is a link, and in production where a key was made for development.
    """
    _refuse_loose(folder, stat.S_ISDIR)
    try:
        names = sorted(path.name for path in folder.iterdir())
    except OSError as error:
        raise BadServerKeys(f"{folder} cannot be read: {error.strerror}") from None
    marks: set[str] = set()
    singles = {name: _read(folder / name, marks) for name in _SINGLE}
    versions = [name.removeprefix(_PEPPER) for name in names if name.startswith(_PEPPER)]
    if not all(version.isascii() and version.isdigit() for version in versions):
        raise BadServerKeys(f"a pepper in {folder} has no number")
    peppers = {int(version): _read(folder / (_PEPPER + version), marks) for version in versions}
    if not peppers or len(peppers) != len(versions):
        raise BadServerKeys(f"there is no pepper in {folder}, or one version twice")
    development = _DEVELOPMENT in marks
    if production and development:
        raise BadServerKeys(f"the keys in {folder} were made for development")
    return ServerKeys(peppers, singles["session"], singles["field"], singles["ledger"], development)


def _write(path: Path, development: bool) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        mark = _DEVELOPMENT if development else _REAL
        file.write(f"{mark}\n{secrets.token_hex(KEY_SIZE)}\n")
        file.flush()
        os.fsync(descriptor)


def _read(path: Path, marks: set[str]) -> bytes:
    _refuse_loose(path, stat.S_ISREG)
    try:
        mark, digits, rest = path.read_text("ascii").split("\n")
        key = bytes.fromhex(digits)
    except OSError as error:
        raise BadServerKeys(f"{path} cannot be read: {error.strerror}") from None
    except ValueError:
        raise BadServerKeys(f"{path} does not hold a key") from None
    if mark not in (_REAL, _DEVELOPMENT) or rest or len(key) != KEY_SIZE:
        raise BadServerKeys(f"{path} does not hold a key")
    marks.add(mark)
    return key


def _refuse_loose(path: Path, right_kind: Callable[[int], bool]) -> None:
    try:
        status = path.lstat()
    except OSError:
        raise BadServerKeys(f"{path} is missing: `portal init` makes the keys") from None
    if not right_kind(status.st_mode):
        raise BadServerKeys(f"{path} is a link, or not what it should be")
    if status.st_mode & 0o077:
        raise BadServerKeys(f"{path} is open to other users: it must be readable by its owner only")
