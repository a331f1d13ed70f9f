"""A store in a folder: the embedded default.

``<root>/ab/abcdef...`` holds the bytes of that name, mode 0600 in folders of mode 0700.  A file
appears under its name only once it is whole and on the disk: written beside it under a temporary
name, synced, renamed, and the folder synced.  A crash leaves a temporary file, which ``sweep``
removes, and never half a paper.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import stat
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from portal.chance import new_id
from portal.domain.sealed import Sealed
from portal.storage.store import (
    Missing,
    StorageUnavailable,
    T,
    digest,
    proven,
    proven_beside,
    require_name,
    require_sealed,
)

_FOLDER = re.compile(r"[0-9a-f]{2}\Z")
_NAME = re.compile(r"[0-9a-f]{64}\Z")
_TEMPORARY = re.compile(r"\.[0-9a-f]{64}\.[a-z2-7]{26}\.part\Z")
_OPEN_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_MAKE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


class FilesystemStore:
    """Keeps sealed bytes as files under ``root``, which is made when it is not there.

    Files are reached through open folders and links are never followed below ``root``, so no
    name, and no link that somebody planted, leads out of it.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        with _told("the folder cannot be made"):
            root.mkdir(mode=0o700, parents=True, exist_ok=True)
            with _opened(root.parent) as parent:
                os.fsync(parent)

    def put(self, name: str, sealed: Sealed) -> None:
        body = require_sealed(name, sealed)
        with _told("it cannot be written"), self._root_folder() as root:
            with contextlib.suppress(FileExistsError):
                os.mkdir(name[:2], mode=0o700, dir_fd=root)
            with _folder(name[:2], root) as folder:
                if not _is_kept(folder, name):
                    self._write(folder, name, body)
                # Also when all was there: whoever made it may have died before these.
                os.fsync(folder)
            os.fsync(root)

    def get(self, name: str) -> bytes:
        return proven(name, self._body(name))

    def through(self, name: str, work: Callable[[bytes], T]) -> T:
        return proven_beside(name, self._body(name), work)

    def delete(self, name: str) -> None:
        require_name(name)
        with _told("it cannot be deleted"):
            try:
                with self._root_folder() as root, _folder(name[:2], root) as folder:
                    os.unlink(name, dir_fd=folder)
                    os.fsync(folder)
            except FileNotFoundError:
                self._require_root()

    def names(self) -> Iterator[str]:
        for _, name in self._walk(_NAME):
            yield name

    def measure(self) -> tuple[int, int]:
        count = size = 0
        for folder_name, name in self._walk(_NAME):
            with (
                _told("it cannot be measured"),
                self._root_folder() as root,
                _folder(folder_name, root) as folder,
                contextlib.suppress(FileNotFoundError),
            ):
                size += os.stat(name, dir_fd=folder, follow_symlinks=False).st_size
                count += 1
        return count, size

    def sweep(self, before: datetime) -> int:
        """Remove temporary files last written before ``before``; return how many there were.

        Only a put that died leaves one, so give a moment well before any put still under way.
        """
        swept = 0
        for folder_name, name in self._walk(_TEMPORARY):
            with (
                _told("it cannot be swept"),
                self._root_folder() as root,
                _folder(folder_name, root) as folder,
                contextlib.suppress(FileNotFoundError),
            ):
                found = os.stat(name, dir_fd=folder, follow_symlinks=False)
                if found.st_mtime < before.timestamp():
                    os.unlink(name, dir_fd=folder)
                    swept += 1
        return swept

    def _body(self, name: str) -> bytes | None:
        require_name(name)
        with _told("it cannot be read"):
            try:
                with self._root_folder() as root, _folder(name[:2], root) as folder:
                    return _read(folder, name)
            except FileNotFoundError as error:
                self._require_root()
                raise Missing("nothing is kept under this name") from error

    def _write(self, folder: int, name: str, body: bytes) -> None:
        temporary = f".{name}.{new_id()}.part"
        file = os.open(temporary, _MAKE, 0o600, dir_fd=folder)
        try:
            with os.fdopen(file, "wb", buffering=0) as raw:
                left = memoryview(body)
                while left:
                    left = left[raw.write(left) or 0 :]
                os.fsync(raw.fileno())
            self._publish(folder, temporary, name)
        except OSError:
            with contextlib.suppress(OSError):
                os.unlink(temporary, dir_fd=folder)
            raise

    def _publish(self, folder: int, temporary: str, name: str) -> None:
        os.rename(temporary, name, src_dir_fd=folder, dst_dir_fd=folder)

    def _root_folder(self) -> contextlib.AbstractContextManager[int]:
        return _opened(self._root)

    def _require_root(self) -> None:
        """A whole folder that went away is not a paper that was deleted."""
        with self._root_folder():
            pass

    def _walk(self, shape: re.Pattern[str]) -> Iterator[tuple[str, str]]:
        with _told("its folders cannot be read"):
            with self._root_folder() as root:
                folders = _listed(root, _FOLDER)
            for folder_name in folders:
                with self._root_folder() as root, _folder(folder_name, root) as folder:
                    found = _listed(folder, shape)
                for name in found:
                    yield folder_name, name


@contextlib.contextmanager
def _told(what: str) -> Iterator[None]:
    """Turn the system's many ways of failing into the one that callers know."""
    try:
        yield
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else "unknown"
        raise StorageUnavailable(f"the store of papers fails: {what} ({reason})") from error


@contextlib.contextmanager
def _opened(path: Path | str, flags: int = 0, within: int | None = None) -> Iterator[int]:
    folder = os.open(path, _OPEN_FOLDER | flags, dir_fd=within)
    try:
        yield folder
    finally:
        os.close(folder)


def _folder(name: str, root: int) -> contextlib.AbstractContextManager[int]:
    return _opened(name, os.O_NOFOLLOW, root)


def _listed(folder: int, shape: re.Pattern[str]) -> list[str]:
    with os.scandir(folder) as found:
        return [each.name for each in found if shape.match(each.name)]


def _is_kept(folder: int, name: str) -> bool:
    """Tell whether the name holds its bytes; what was spoiled is written again."""
    try:
        body = _read(folder, name)
    except FileNotFoundError:
        return False
    return body is not None and digest(body) == name


def _read(folder: int, name: str) -> bytes | None:
    """Return the bytes of a plain file, or None when a link or a device stands in its place."""
    try:
        file = os.open(name, _READ, dir_fd=folder)
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.ENXIO):
            return None
        raise
    if not stat.S_ISREG(os.fstat(file).st_mode):
        os.close(file)
        return None
    with os.fdopen(file, "rb") as raw:
        return raw.read()
