"""Lines of the record that are newer than a backup, put back behind it from an exported record.

The rows of those days are gone; the lines that tell what was ended in them need not be. Only lines
under a checkpoint that the ledger's own key signed are believed, and they must continue the ledger
as it stands in the backup: the same lines make the same tree, so no checkpoint that anybody holds
is contradicted.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from portal.journeys.deed import Doing
from portal.ledger import book
from portal.ledger.checkpoint import open_checkpoint
from portal.ledger.errors import LedgerError, NoteRefused
from portal.ledger.leaf import read_moment


class NotThisRecord(Exception):
    """The exported record does not continue the ledger of this backup: nothing was put back."""


def replay(deed: Doing, exported: Iterable[str]) -> int:
    """Append the lines of an export (`portal ledger export`) that this ledger lacks; returns how
    many. Lines behind the newest signed checkpoint of the export are left out."""
    signer = deed.house.signer(deed.area_id)
    start = book.head(deed.db, deed.area_id).size
    waiting: list[bytes] = []
    for told in _read(exported):
        if "checkpoint" not in told:
            if told["position"] >= start:
                waiting.append(str(told["leaf"]).encode())
            continue
        try:
            signed = open_checkpoint(str(told["note"]), signer.known, signer.origin)
        except NoteRefused:
            raise NotThisRecord("a checkpoint in it is of another ledger, or not ours") from None
        if signed.size > start:
            _append(deed, waiting)
            waiting = []
            now = book.head(deed.db, deed.area_id)
            if (now.size, now.root) != (signed.size, signed.root):
                raise NotThisRecord("it does not continue the lines of this backup")
            book.checkpoint(deed.db, deed.area_id, signer)
    return book.head(deed.db, deed.area_id).size - start


def _append(deed: Doing, leaves: Iterable[bytes]) -> None:
    signer = deed.house.signer(deed.area_id)
    for leaf in leaves:
        try:
            at = read_moment(json.loads(leaf)["at"])
            book.append(deed.db, deed.area_id, leaf, at, signer)
        except (LedgerError, ValueError, KeyError, TypeError):
            raise NotThisRecord("a line in it is not a line of a record") from None


def _read(exported: Iterable[str]) -> Iterable[dict[str, Any]]:
    for text in exported:
        try:
            told = json.loads(text)
            complete = isinstance(told["position"], int) if "position" in told else "note" in told
        except (ValueError, TypeError, KeyError):
            raise NotThisRecord("it cannot be read") from None
        if not complete:
            raise NotThisRecord("it cannot be read")
        yield told
