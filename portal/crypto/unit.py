"""The key of an area's coordination unit, a recipient of every document of its area.

Held by every co-ordinator, each through an age file of their own (`unit.age`), and by the
recovery kit.  Who may use it is the judge's business; who can is decided here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from portal.crypto.age.errors import AgeError
from portal.crypto.age.hybrid import HybridIdentity, HybridRecipient
from portal.crypto.age.keys import Identity, identities_in
from portal.crypto.sealing import open_text, seal_text


class BadUnitKey(Exception):
    """The file opened, and what it holds is not the key of a unit."""


@dataclass(frozen=True, slots=True)
class UnitKey:
    """The unit's raw 32-byte hybrid seed, and those it had before, newest first.  Secret.

    What was sealed to a former one opens with it until it has been sealed anew.
    """

    identity: bytes = field(repr=False)
    former: tuple[bytes, ...] = field(repr=False, default=())

    def __post_init__(self) -> None:
        seeds = (self.identity, *self.former)
        for seed in seeds:
            HybridIdentity(seed)
        if len(set(seeds)) != len(seeds):
            raise BadUnitKey("an identity stands in this key twice")

    def recipient(self) -> bytes:
        """The raw public key (1216 bytes) of the newest identity."""
        return self.opener().recipient().raw

    def opener(self) -> HybridIdentity:
        """The newest identity."""
        return HybridIdentity(self.identity)

    def openers(self) -> tuple[HybridIdentity, ...]:
        """All identities, ready to open headers, the newest first."""
        return tuple(HybridIdentity(seed) for seed in (self.identity, *self.former))


def new_unit() -> UnitKey:
    """A new key, for a new unit."""
    return UnitKey(HybridIdentity().raw)


def succeed(unit: UnitKey) -> UnitKey:
    """A new identity, after somebody left; the earlier ones stay, for what was sealed to them."""
    return UnitKey(HybridIdentity().raw, (unit.identity, *unit.former))


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
    """The unit's key as an identity file of the age program: a line each, the newest first."""
    return "".join(f"{identity}\n" for identity in unit.openers()).encode()


def read_identity_file(clear: bytes) -> UnitKey:
    """The inverse of `identity_file`; raises `BadUnitKey`."""
    try:
        return unit_of(identities_in(clear.decode("ascii").splitlines()))
    except (AgeError, UnicodeDecodeError):
        raise BadUnitKey("this file does not hold the key of a unit") from None


def unit_of(found: Sequence[Identity]) -> UnitKey:
    """The key that these identities are, the newest first; raises `BadUnitKey`."""
    if not found or not all(isinstance(each, HybridIdentity) for each in found):
        raise BadUnitKey("this file does not hold the key of a unit")
    seeds = [each.raw for each in found]
    return UnitKey(seeds[0], tuple(seeds[1:]))
