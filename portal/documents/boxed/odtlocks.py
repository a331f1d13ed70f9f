"""Reads in the list of parts of an .odt which of them are sealed, and how (OpenDocument 1.2 part 3,
4.4 to 4.16)."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass, field
from typing import Final

from portal.documents.boxed.rewrite import Attributes, Rules, local, rewrite
from portal.documents.boxed.verdict import RefusedError

MANIFEST: Final = "META-INF/manifest.xml"
_HOW: Final = frozenset({"encryption-data", "algorithm", "key-derivation", "start-key-generation"})
_MOST: Final = 10_000_000


@dataclass(frozen=True)
class Sealed:
    """How one part is sealed: attributes by their local names, by the element that tells them."""

    told: dict[str, dict[str, str]] = field(default_factory=dict)

    def text(self, element: str, name: str, other: str = "") -> str:
        """What is told, in small letters; of an address its end."""
        found = self.told.get(element, {}).get(name, other)
        return found.rpartition("#")[2].rpartition(":")[2].lower()

    def number(self, element: str, name: str, other: int) -> int:
        """Raises RefusedError `damaged` for what is none, or is out of all reason."""
        found = self.told.get(element, {}).get(name, str(other))
        if not found.isascii() or not found.isdigit() or not 1 <= int(found[:9]) <= _MOST:
            raise RefusedError("damaged")
        return int(found[:9])

    def data(self, element: str, name: str) -> bytes:
        """Raises RefusedError `damaged`."""
        try:
            return base64.b64decode(self.told.get(element, {}).get(name, ""), validate=True)
        except (binascii.Error, ValueError) as broken:
            raise RefusedError("damaged") from broken


class Locks(Rules):
    """The list of parts without a word of locks, and what it said of them, by the part's name."""

    def __init__(self) -> None:
        """Start with nothing found."""
        super().__init__()
        self.found: dict[str, Sealed] = {}
        self._path = ""

    def element(self, name: str, attributes: Attributes) -> bool:
        """Every element stays, or is unwrapped."""
        told = {local(key): value for key, value in attributes.items()}
        if name == "file-entry":
            self._path = told.get("full-path", "")
        elif name in _HOW:
            self.found.setdefault(self._path, Sealed()).told[name] = told
        return True

    def unwrap(self, name: str) -> bool:
        """Elements that tell of a lock."""
        return name in _HOW


def is_locked(manifest: bytes) -> bool:
    """Whether a part is sealed. Raises RefusedError as `rewrite` does."""
    locks = Locks()
    rewrite(manifest, locks)
    return bool(locks.found)
