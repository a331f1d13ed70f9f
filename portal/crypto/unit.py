"""The key of an area's coordination unit, a recipient of every document of its area.

Held by every co-ordinator, each through an age file of their own (`unit.age`), and by the
recovery kit.  Who may use it is the judge's business; who can is decided here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from portal.crypto.age.errors import AgeError, BadKey
from portal.crypto.age.hybrid import HybridIdentity, HybridRecipient
from portal.crypto.age.keys import Identity, identities_in
from portal.crypto.sealing import open_text, seal_text


class BadUnitKey(Exception):
    """The file opened, and what it holds is not the key of a unit."""


@dataclass(frozen=True, slots=True)
class UnitKey:
    """The unit's raw 32-byte hybrid seed.  Secret."""

    identity: bytes = field(repr=False)

    def __post_init__(self) -> None:
        HybridIdentity(self.identity)

    def recipient(self) -> bytes:
        """The unit's raw public key, 1216 bytes."""
        return HybridIdentity(self.identity).recipient().raw

    def opener(self) -> HybridIdentity:
        """The identity, ready to open headers."""
        return HybridIdentity(self.identity)


def new_unit() -> UnitKey:
    """A new key, for a new unit or after somebody left."""
    return UnitKey(HybridIdentity().raw)


def wrap_unit(unit: UnitKey, recipient_raw: bytes) -> bytes:
    """`unit.age` for one person: an ordinary identity file, sealed to their hybrid public key.

    The ordinary program opens it, and can then use it to open the unit's papers.
    Raises `BadKey` on bytes that are no hybrid key.
    """
    return seal_text(identity_file(unit), [HybridRecipient(recipient_raw)])


def open_unit(blob: bytes, identities: Sequence[Identity]) -> UnitKey:
    """The unit's key in a `unit.age`.

    Raises an `AgeError` where it does not open, `BadUnitKey` where it holds something else.
    Compare its public key with the ledger's: an age file does not say who wrote it.
    """
    return read_identity_file(open_text(blob, identities))


def identity_file(unit: UnitKey) -> bytes:
    """The unit's key as an identity file of the age program: one line."""
    return f"{unit.opener()}\n".encode()


def read_identity_file(clear: bytes) -> UnitKey:
    """The inverse of `identity_file`; raises `BadUnitKey`."""
    try:
        found = identities_in(clear.decode("ascii").splitlines())
        if len(found) != 1 or not isinstance(found[0], HybridIdentity):
            raise BadKey("one hybrid identity was expected")
        return UnitKey(found[0].raw)
    except (AgeError, UnicodeDecodeError):
        raise BadUnitKey("this file does not hold the key of a unit") from None
