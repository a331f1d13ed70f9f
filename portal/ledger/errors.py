"""What can go wrong in the ledger, by name."""

from __future__ import annotations


class LedgerError(Exception):
    """The ledger cannot do what was asked; the deed that needed it must not happen."""


class NoBook(LedgerError):
    """The area has no ledger yet."""


class LedgerDamaged(LedgerError):
    """What is stored does not fit together: it was edited, or the disk lost something."""


class WrongSigner(LedgerError):
    """The signer is not the one this ledger was opened by."""


class LeafRefused(LedgerError, ValueError):
    """The fields or bytes are not a leaf in canonical form."""


class NoteRefused(LedgerError, ValueError):
    """The note, checkpoint or verifier key is malformed, or no known key signed it."""


class ReceiptRefused(LedgerError, ValueError):
    """The receipt is malformed or does not prove what it claims."""


class RecordBehind(LedgerError):
    """The ledger in the database is not one that goes on from what this server has seen."""
