"""Checkpoints, C2SP tlog-checkpoint: how many lines the ledger has and their root, signed."""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from portal.ledger import note
from portal.ledger.errors import NoteRefused

_SIZE = re.compile(r"(0|[1-9][0-9]{0,18})\Z")


@dataclass(frozen=True)
class Checkpoint:
    """What was signed: the ledger's unique name, its size in lines, its 32-byte root."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """The three lines that are signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode('ascii')}\n"


@dataclass(frozen=True)
class LedgerSigner:
    """Signs the checkpoints of one ledger.

    ``origin`` names that ledger among all there are, such as ``mappa.example/ledger/<area>``;
    ``seed`` is 32 secret bytes.  ``beside`` are the seeds of keys that the present one is about to
    replace: until they are retired they sign beside it, so that each of them vouches for the next.
    ``former`` are seeds that were retired: what they signed while they were in use still stands.
    """

    origin: str
    seed: bytes = field(repr=False)
    beside: tuple[bytes, ...] = field(default=(), repr=False)
    former: tuple[bytes, ...] = field(default=(), repr=False)

    def __post_init__(self) -> None:
        if any(len(seed) != 32 for seed in (self.seed, *self.beside, *self.former)):
            raise NoteRefused("a signing seed has 32 bytes")
        _ = self.known

    @cached_property
    def known(self) -> tuple[note.Verifier, ...]:
        """The keys whose signatures count for this ledger now, the present one first."""
        return tuple(self._verifier(each) for each in self._privates)

    @cached_property
    def ever(self) -> tuple[note.Verifier, ...]:
        """These and the retired ones, the newest first: for what was signed long ago."""
        retired = map(Ed25519PrivateKey.from_private_bytes, self.former)
        return (*self.known, *map(self._verifier, retired))

    @property
    def vkey(self) -> str:
        """The present verifier key as one line of text, to be held elsewhere."""
        return self.known[0].vkey

    def sign(self, size: int, root: bytes) -> str:
        """Return the signed checkpoint of a ledger of ``size`` lines with ``root``."""
        return note.sign(Checkpoint(self.origin, size, root).text(), self.origin, *self._privates)

    @cached_property
    def _privates(self) -> tuple[Ed25519PrivateKey, ...]:
        return tuple(map(Ed25519PrivateKey.from_private_bytes, (self.seed, *self.beside)))

    def _verifier(self, private: Ed25519PrivateKey) -> note.Verifier:
        return note.Verifier(self.origin, private.public_key().public_bytes_raw())


def open_checkpoint(signed: str, known: Sequence[note.Verifier], origin: str) -> Checkpoint:
    """Return the checkpoint in ``signed`` when a known key signed it for ``origin``.

    Raises NoteRefused.  Extension lines are refused: we write none.
    """
    return signed_checkpoint(signed, known, origin)[0]


def signed_checkpoint(
    signed: str, known: Sequence[note.Verifier], origin: str
) -> tuple[Checkpoint, frozenset[note.Verifier]]:
    """Return the same, and which of the known keys signed it."""
    text, signers = note.signed_by(signed, known)
    lines = text.split("\n")
    if len(lines) != 4 or lines[0] != origin or not _SIZE.match(lines[1]):
        raise NoteRefused("not a checkpoint of this ledger")
    root = note.read_base64(lines[2])
    if len(root) != 32:
        raise NoteRefused("not a checkpoint of this ledger")
    return Checkpoint(lines[0], int(lines[1]), root), signers
