"""A store that forgets everything with its process; the twin of the real ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from portal.domain.sealed import Sealed
from portal.storage.store import Missing, T, proven, proven_beside, require_name, require_sealed


class MemoryStore:
    """Keeps sealed bytes in memory; meets the whole contract but endurance."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def put(self, name: str, sealed: Sealed) -> None:
        self._kept.setdefault(name, require_sealed(name, sealed))

    def get(self, name: str) -> bytes:
        return proven(name, self._body(name))

    def through(self, name: str, work: Callable[[bytes], T]) -> T:
        return proven_beside(name, self._body(name), work)

    def delete(self, name: str) -> None:
        self._kept.pop(require_name(name), None)

    def names(self) -> Iterator[str]:
        yield from tuple(self._kept)

    def measure(self) -> tuple[int, int]:
        kept = tuple(self._kept.values())
        return len(kept), sum(map(len, kept))

    def _body(self, name: str) -> bytes:
        try:
            return self._kept[require_name(name)]
        except KeyError as error:
            raise Missing("nothing is kept under this name") from error
