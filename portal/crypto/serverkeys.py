"""The server's own keys, in a folder that only the server's user can read.

Four kinds: `pepper`, `session`, `field`, `ledger`; 32 random bytes each, as hexadecimal digits
after a line that says what they are.  None of them opens a document.

Each kind has versions, from 1: `session` is the first (the pepper's is `pepper-1`), `session-2` the
next.  The newest is used for everything new, the ones before it for what they made, until they are
retired.  A retired session key is removed; the others stay as `field-1.former`: they open and sign
nothing any more, and are there for knowing the digests again that were made under them.
"""

from __future__ import annotations

import os
import re
import secrets
import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

KEY_SIZE = 32
_REAL, _DEVELOPMENT = "portal-key v1", "portal-key v1 development"
_FORMER = ".former"
_NAME = re.compile(r"(pepper|session|field|ledger)(?:-([1-9][0-9]{0,5}))?(\.former)?\Z")


class KeyKind(StrEnum):
    """What a key is for."""

    PEPPER = "pepper"
    SESSION = "session"
    FIELD = "field"
    LEDGER = "ledger"


class BadServerKeys(Exception):
    """The keys are missing, malformed, open to others, or not fit for production."""


@dataclass(frozen=True, slots=True)
class ServerKeys:
    """All keys of this server, 32 bytes each, by version.

    `former` are retired: only for knowing again what was digested under them.
    """

    peppers: Mapping[int, bytes] = field(repr=False)
    sessions: Mapping[int, bytes] = field(repr=False)
    fields: Mapping[int, bytes] = field(repr=False)
    ledgers: Mapping[int, bytes] = field(repr=False)
    development: bool
    former: Mapping[KeyKind, tuple[bytes, ...]] = field(default_factory=dict, repr=False)

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

    @property
    def session(self) -> bytes:
        """The newest session key."""
        return self.sessions[max(self.sessions)]

    @property
    def field_key(self) -> bytes:
        """The newest field key."""
        return self.fields[max(self.fields)]

    @property
    def ledger_seed(self) -> bytes:
        """The newest ledger signing seed."""
        return self.ledgers[max(self.ledgers)]

    def of(self, kind: KeyKind) -> Mapping[int, bytes]:
        """The versions of a kind that are in use."""
        return {
            KeyKind.PEPPER: self.peppers,
            KeyKind.SESSION: self.sessions,
            KeyKind.FIELD: self.fields,
            KeyKind.LEDGER: self.ledgers,
        }[kind]

    def in_use(self, kind: KeyKind) -> tuple[bytes, ...]:
        """These, the newest first: for whatever has to try each."""
        found = self.of(kind)
        return tuple(found[version] for version in sorted(found, reverse=True))

    def ever(self, kind: KeyKind) -> tuple[bytes, ...]:
        """The same and the retired ones: for digests only."""
        return self.in_use(kind) + self.former.get(kind, ())


def create(folder: Path, *, development: bool = False) -> ServerKeys:
    """Makes the folder (0700) with a new key in each file (0600), and loads them.

    Raises `BadServerKeys` if a key is there already: nothing is ever overwritten.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if any(_NAME.match(path.name) for path in folder.iterdir()):
        raise BadServerKeys(f"there are keys in {folder} already")
    folder.chmod(0o700)
    for kind in KeyKind:
        _write(folder / _name(kind, 1), development)
    return load(folder, production=False)


def add(folder: Path, kind: KeyKind) -> ServerKeys:
    """Adds the next version of a kind, and loads all."""
    now = load(folder, production=False)
    used = [int(found[2] or 1) for found in _names(folder) if found[1] == kind]
    _write(folder / _name(kind, max(used) + 1), now.development)
    return load(folder, production=False)


def retire(folder: Path, kind: KeyKind) -> ServerKeys:
    """Retires every version of a kind but the newest, and loads what is left."""
    now = load(folder, production=False)
    for version in sorted(now.of(kind))[:-1]:
        path = folder / _name(kind, version)
        if kind is KeyKind.SESSION:
            path.unlink()
        else:
            path.rename(folder / f"{kind.value}-{version}{_FORMER}")
    _sync(folder)
    return load(folder, production=False)


def load(folder: Path, production: bool) -> ServerKeys:
    """The keys in `folder`.

    Raises `BadServerKeys` where one is missing or malformed, where the folder or a file is open
    to other users or is a link, and in production where a key was made for development.
    """
    _refuse_loose(folder, stat.S_ISDIR)
    marks: set[str] = set()
    used: dict[KeyKind, dict[int, bytes]] = {kind: {} for kind in KeyKind}
    former: dict[KeyKind, dict[int, bytes]] = {kind: {} for kind in KeyKind}
    for found in _names(folder):
        kind, version = KeyKind(found[1]), int(found[2] or 1)
        if version in used[kind] or version in former[kind]:
            raise BadServerKeys(f"version {version} of {kind.value} is in {folder} twice")
        into = former if found[3] else used
        into[kind][version] = _read(folder / found[0], marks)
    for kind in KeyKind:
        if not used[kind]:
            raise BadServerKeys(f"{folder / kind.value} is missing: `portal init` makes the keys")
    development = _DEVELOPMENT in marks
    if production and development:
        raise BadServerKeys(f"the keys in {folder} were made for development")
    return ServerKeys(
        used[KeyKind.PEPPER],
        used[KeyKind.SESSION],
        used[KeyKind.FIELD],
        used[KeyKind.LEDGER],
        development,
        {
            kind: tuple(each for _, each in sorted(old.items(), reverse=True))
            for kind, old in former.items()
        },
    )


class KeyFolder:
    """The keys as the folder holds them now: a version that a command adds or retires is used, or
    not, from the next request on, by every worker."""

    def __init__(self, folder: Path, production: bool) -> None:
        self._folder, self._production = folder, production
        self._loaded = (self._listed(), load(folder, production))

    def __call__(self) -> ServerKeys:
        """The keys. A file never changes, so the folder's list tells whether anything has; where it
        cannot be read any more, those that were loaded stay in use."""
        listed, keys = self._loaded
        try:
            now = self._listed()
            if now != listed:
                keys = load(self._folder, self._production)
                self._loaded = (now, keys)
        except (OSError, BadServerKeys):
            return keys
        return keys

    def _listed(self) -> frozenset[str]:
        try:
            return frozenset(path.name for path in self._folder.iterdir())
        except FileNotFoundError:
            return frozenset()


def _name(kind: KeyKind, version: int) -> str:
    plain = version == 1 and kind is not KeyKind.PEPPER
    return kind.value if plain else f"{kind.value}-{version}"


def _names(folder: Path) -> list[re.Match[str]]:
    try:
        names = sorted(path.name for path in folder.iterdir())
    except OSError as error:
        raise BadServerKeys(f"{folder} cannot be read: {error.strerror}") from None
    for name in names:
        if name.startswith(tuple(KeyKind)) and not _NAME.match(name):
            raise BadServerKeys(f"{folder / name} has no number that a version has")
    return [found for found in map(_NAME.match, names) if found]


def _write(path: Path, development: bool) -> None:
    """Whole or not at all: a worker that lists the folder meanwhile must find no half key."""
    part = path.with_name(f".{path.name}.part")
    part.unlink(missing_ok=True)
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        mark = _DEVELOPMENT if development else _REAL
        file.write(f"{mark}\n{secrets.token_hex(KEY_SIZE)}\n")
        file.flush()
        os.fsync(descriptor)
    os.link(part, path, follow_symlinks=False)
    part.unlink()
    _sync(path.parent)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


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
