"""The audit: recomputes the whole ledger and names the first line that does not fit.

Everything is read back in order and held against the canonical form, the hashes, the stored tree,
every signed checkpoint, the head, and checkpoints held elsewhere.  It can run while the portal
works: what is appended meanwhile waits for the next audit.

What it cannot see without a witness: a database put back whole to an earlier state, checkpoints
and all.  Hand it a checkpoint held elsewhere, and it sees that too.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from portal.ledger import book
from portal.ledger.checkpoint import open_checkpoint
from portal.ledger.errors import NoteRefused
from portal.ledger.note import read_vkey
from portal.ledger.recount import Misfit, Recount
from portal.ledger.tables import ledger_checkpoints

_BATCH = 512

_note = ledger_checkpoints.c


@dataclass(frozen=True)
class Audit:
    """What the audit found.  ``first_bad`` and ``what`` are None when the ledger is whole.

    ``size`` and ``root`` are what was recomputed: on a bad ledger, up to the first bad line.
    """

    size: int
    root: bytes
    first_bad: int | None
    what: str | None
    checkpoints_checked: int


def audit(conn: Connection, area_id: str, *vkeys: str, witnessed: Sequence[str] = ()) -> Audit:
    """Recompute the area's ledger against its verifier keys, the newest first.

    ``witnessed`` are checkpoints held elsewhere.  Raises NoteRefused when a key is malformed or
    such a checkpoint is not one of this ledger: that says nothing about the ledger itself.
    """
    known = tuple(map(read_vkey, vkeys))
    if not known:
        raise NoteRefused("an audit needs the ledger's verifier key")
    held = [open_checkpoint(each, known, known[0].name) for each in witnessed]
    recount = Recount(conn, area_id, known, held)
    first_bad, what = None, None
    try:
        recount.run()
    except Misfit as misfit:
        first_bad, what = misfit.index, misfit.what
    return Audit(recount.size, recount.root, first_bad, what, recount.checkpoints)


def export(conn: Connection, area_id: str) -> Iterator[bytes]:
    """Yield the area's ledger as lines of JSON: each entry, and each checkpoint after its last.

    An entry's ``leaf`` is its exact canonical text, so that anyone can hash it again; a
    checkpoint's ``note`` is the signed note.  Raises NoBook.
    """
    end = book.head(conn, area_id).size
    yield from _notes(conn, area_id, 0, 0).values()
    for first in range(0, end, _BATCH):
        count = min(_BATCH, end - first)
        notes = _notes(conn, area_id, first + 1, first + count)
        for entry in book.entries(conn, area_id, first, count):
            yield _json(
                position=entry.position,
                leaf=entry.leaf.decode("utf-8"),
                leaf_hash=entry.leaf_hash.hex(),
            )
            if entry.position + 1 in notes:
                yield notes[entry.position + 1]


def _notes(conn: Connection, area_id: str, smallest: int, largest: int) -> dict[int, bytes]:
    query = select(_note.size, _note.note).where(
        _note.area_id == area_id, _note.size.between(smallest, largest)
    )
    rows = conn.execute(query)
    return {row.size: _json(checkpoint=row.size, note=row.note) for row in rows}


def _json(**fields: str | int) -> bytes:
    return json.dumps(fields, ensure_ascii=False).encode("utf-8") + b"\n"
