"""Receipts, C2SP tlog-proof: that one line stands in the ledger, checkable with no portal.

A receipt holds the line's index, the hashes beside its way to the root, and a signed checkpoint.
Whoever has the line, the receipt and the ledger's verifier key can prove for ever that the portal
recorded it; should the line later be gone, the receipt is the evidence.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass

from portal.ledger import checkpoint, note, tree
from portal.ledger.errors import NoteRefused, ReceiptRefused

_FORM = "c2sp.org/tlog-proof@v1"
_INDEX = re.compile(r"index (0|[1-9][0-9]{0,18})\Z")


@dataclass(frozen=True)
class Receipt:
    """A receipt taken apart; nothing in it is proven until ``check``."""

    index: int
    path: tuple[bytes, ...]
    signed: str


def write(index: int, path: Sequence[bytes], signed: str) -> str:
    """Return the receipt for the line ``index`` with its inclusion proof and checkpoint."""
    hashes = "".join(base64.b64encode(each).decode("ascii") + "\n" for each in path)
    return f"{_FORM}\nindex {index}\n{hashes}\n{signed}"


def read(text: str) -> Receipt:
    """Take a receipt apart; raises ReceiptRefused.  Extra data proves nothing: passed over."""
    head, gap, signed = text.partition("\n\n")
    lines = head.split("\n")
    if not gap or lines.pop(0) != _FORM:
        raise ReceiptRefused("not a receipt")
    try:
        if lines and lines[0].startswith("extra "):
            note.read_base64(lines.pop(0).removeprefix("extra "))
        index = _INDEX.match(lines.pop(0)) if lines else None
        path = tuple(note.read_base64(line) for line in lines)
    except NoteRefused as error:
        raise ReceiptRefused("not a receipt") from error
    if index is None or any(len(each) != 32 for each in path):
        raise ReceiptRefused("not a receipt")
    return Receipt(int(index[1]), path, signed)


def check(
    text: str, leaf: bytes, known: Sequence[note.Verifier], origin: str
) -> tuple[int, checkpoint.Checkpoint]:
    """Return where ``leaf`` stands, and under which checkpoint, when the receipt proves it.

    Raises ReceiptRefused when it does not.
    """
    receipt = read(text)
    try:
        head = checkpoint.open_checkpoint(receipt.signed, known, origin)
    except NoteRefused as error:
        raise ReceiptRefused(str(error)) from error
    hashed = tree.leaf_hash(leaf)
    if not tree.verify_inclusion(hashed, receipt.index, head.size, receipt.path, head.root):
        raise ReceiptRefused("the receipt is not of this line")
    return receipt.index, head
