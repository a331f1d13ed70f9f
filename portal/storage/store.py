"""What every store promises, and the names it keeps things under.

A name is the SHA-256, in lower-case hex, of the sealed bytes.  So a put can be repeated, two
puts of one name cannot disagree, a name is never a path, and bytes that were spoiled are noticed
when they are read.  One contract is tested over every store there is.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Final, Protocol, TypeVar

from portal.domain.sealed import Sealed

T = TypeVar("T")

_NAME = re.compile(r"[0-9a-f]{64}\Z")
_SPOILED: Final = "what is kept under this name is not what was put there"


class StorageError(Exception):
    """The store cannot do what was asked."""


class BadName(StorageError, ValueError):
    """The name is not the SHA-256 of anything, or not of these bytes."""


class Missing(StorageError):
    """Nothing is kept under this name."""


class Spoiled(StorageError):
    """What is kept under this name is not what was put there."""


class StorageUnavailable(StorageError):
    """The store cannot be read or written now: full, read-only, gone or out of reach."""


class Store(Protocol):
    """Keeps sealed bytes by name."""

    def put(self, name: str, sealed: Sealed) -> None:
        """Keep ``sealed`` for good under ``name``, its SHA-256, before returning.

        All or nothing, whatever happens; what is there already under the name stays.  Raises
        TypeError for anything but sealed bytes, BadName, StorageUnavailable.
        """
        ...

    def get(self, name: str) -> bytes:
        """Return the sealed bytes, proven to be those put; raises Missing, Spoiled, BadName,
        StorageUnavailable."""
        ...

    def through(self, name: str, work: Callable[[bytes], T]) -> T:
        """Return what ``work`` makes of the sealed bytes, while they are being proven beside it.

        Nothing that it makes is returned before they are; raises what ``get`` raises, and what
        ``work`` raises about bytes that are those put.
        """
        ...

    def delete(self, name: str) -> None:
        """Remove what is kept under ``name``; nothing there is no error.

        Raises BadName, StorageUnavailable.
        """
        ...

    def names(self) -> Iterator[str]:
        """Yield every name kept, in no particular order; raises StorageUnavailable."""
        ...

    def measure(self) -> tuple[int, int]:
        """Return how many names are kept, and their bytes in all; raises StorageUnavailable."""
        ...


def require_name(name: str) -> str:
    """Return ``name`` when it is the hex of a SHA-256; raises BadName."""
    if not _NAME.match(name):
        raise BadName("not the name of sealed bytes")
    return name


def require_sealed(name: str, sealed: Sealed) -> bytes:
    """Return the bytes of ``sealed`` when ``name`` is their SHA-256; raises TypeError, BadName."""
    require_name(name)
    if type(sealed) is not Sealed:
        raise TypeError("a store keeps sealed bytes only")
    if not (name == sealed.sha256 == digest(sealed.body)):
        raise BadName("the name is not that of these bytes")
    return sealed.body


def proven(name: str, body: bytes | None) -> bytes:
    """Return the bytes when they are those of this name; raises Spoiled."""
    if body is None or digest(body) != name:
        raise Spoiled(_SPOILED)
    return body


def proven_beside(name: str, body: bytes | None, work: Callable[[bytes], T]) -> T:
    """Return what ``work`` makes of the bytes, once they are those of this name.

    Hashing leaves Python to others, so both go on at the same time. Raises Spoiled, also where
    ``work`` stumbles over bytes that are not those; else what ``work`` raises.
    """
    if body is None:
        raise Spoiled(_SPOILED)
    with ThreadPoolExecutor(1) as beside:
        hashed = beside.submit(digest, body)
        try:
            made = work(body)
        except Exception as stumbled:
            if hashed.result() != name:
                raise Spoiled(_SPOILED) from stumbled
            raise
        if hashed.result() != name:
            raise Spoiled(_SPOILED)
        return made


def digest(body: bytes) -> str:
    """Return the SHA-256 of sealed bytes in lower-case hex: their name."""
    return hashlib.sha256(body).hexdigest()
