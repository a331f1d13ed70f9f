"""Argon2id, bounded: the price of a guess, paid by us at sign-in only."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

_OUTPUT_SIZE = 32
_MEMORY_CEILING_KIB = 1024 * 1024
_ITERATIONS_CEILING = 16

# Two at once: each holds 64 MiB, and a crowd at the sign-in page must not take the machine.
_ROOM = threading.BoundedSemaphore(2)


class BelowFloor(ValueError):
    """The stored parameters are weaker than the portal accepts: somebody lowered them."""


@dataclass(frozen=True, slots=True)
class Params:
    """Argon2id parameters: memory in KiB, iterations, lanes.

    Lanes must be 1: with more, the library's threads can wait for each other for ever when two
    derivations run at once.  Memory and iterations have a ceiling, so that a changed row cannot
    stop the machine.  Raises ValueError.
    """

    memory_kib: int
    iterations: int
    lanes: int = 1

    def __post_init__(self) -> None:
        if self.lanes != 1:
            raise ValueError("Argon2 runs with one lane here")
        if not 8 <= self.memory_kib <= _MEMORY_CEILING_KIB:
            raise ValueError("the memory for Argon2 is out of bounds")
        if not 1 <= self.iterations <= _ITERATIONS_CEILING:
            raise ValueError("the iterations for Argon2 are out of bounds")

    def is_at_least(self, floor: Params) -> bool:
        """Whether neither memory nor iterations are below those of `floor`."""
        return self.memory_kib >= floor.memory_kib and self.iterations >= floor.iterations


def argon2id(secret: bytes, salt: bytes, params: Params, floor: Params) -> bytes:
    """32 bytes from `secret`, at the price of `params`; raises `BelowFloor` before any work.

    Waits while two others run.  `salt` has at least 16 bytes.
    """
    if not params.is_at_least(floor):
        raise BelowFloor("these Argon2 parameters are below the floor")
    if len(salt) < 16:
        raise ValueError("a salt has at least 16 bytes")
    with _ROOM:
        return Argon2id(
            salt=salt,
            length=_OUTPUT_SIZE,
            iterations=params.iterations,
            lanes=params.lanes,
            memory_cost=params.memory_kib,
        ).derive(secret)
