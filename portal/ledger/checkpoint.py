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
    ``seed`` is 32 secret bytes.  ``former`` are the verifier keys, as lines of text, that signed
    this ledger before the present one: what they signed still counts.
    """

    origin: str
    seed: bytes = field(repr=False)
    former: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if len(self.seed) != 32:
            raise NoteRefused("a signing seed has 32 bytes")
        _ = self.known

    @cached_property
    def known(self) -> tuple[note.Verifier, ...]:
        """The keys whose signatures count for this ledger, the present one first."""
        present = note.Verifier(self.origin, self._private.public_key().public_bytes_raw())
        return (present, *map(note.read_vkey, self.former))

    @property
    def vkey(self) -> str:
        """The present verifier key as one line of text, to be held elsewhere."""
        return self.known[0].vkey

    def sign(self, size: int, root: bytes) -> str:
        """Return the signed checkpoint of a ledger of ``size`` lines with ``root``."""
        return note.sign(Checkpoint(self.origin, size, root).text(), self.origin, self._private)

    @cached_property
    def _private(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.seed)


def open_checkpoint(signed: str, known: Sequence[note.Verifier], origin: str) -> Checkpoint:
    """Return the checkpoint in ``signed`` when a known key signed it for ``origin``.

    Raises NoteRefused.  Extension lines are refused: we write none.
    """
    lines = note.open_note(signed, known).split("\n")
    if len(lines) != 4 or lines[0] != origin or not _SIZE.match(lines[1]):
        raise NoteRefused("not a checkpoint of this ledger")
    root = note.read_base64(lines[2])
    if len(root) != 32:
        raise NoteRefused("not a checkpoint of this ledger")
    return Checkpoint(lines[0], int(lines[1]), root)
