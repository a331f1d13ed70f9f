"""The book: appends lines, signs checkpoints, reads lines and proofs; one ledger for each area.

Everything happens on the caller's connection, inside the caller's transaction, and nothing here
commits: the line and the deed it tells of stand or fall together.  On SQLite the caller has begun
with BEGIN IMMEDIATE; on PostgreSQL ``lock`` holds the head's row until the end of the transaction.
Take the lock last and hold it briefly.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, insert, select, update

from portal.ledger import checkpoint as signed
from portal.ledger import receipt as receipts
from portal.ledger import tree
from portal.ledger.checkpoint import LedgerSigner
from portal.ledger.errors import LeafRefused, LedgerDamaged, LedgerError, NoBook, WrongSigner
from portal.ledger.leaf import moment, particulars
from portal.ledger.tables import (
    ledger_checkpoints,
    ledger_entries,
    ledger_heads,
    ledger_nodes,
)

_entry = ledger_entries.c
_node = ledger_nodes.c
_note = ledger_checkpoints.c


@dataclass(frozen=True)
class Head:
    """The ledger as it stands: its name, its size in lines, its 32-byte root."""

    area_id: str
    origin: str
    size: int
    root: bytes


@dataclass(frozen=True)
class Entry:
    """One line: its place (from 0), its exact bytes, their leaf hash, what was done, and when."""

    position: int
    leaf_hash: bytes
    leaf: bytes
    deed: str
    recorded_at: datetime


def open_book(conn: Connection, area_id: str, signer: LedgerSigner) -> Head:
    """Open the area's ledger: an empty head, and a checkpoint of it.

    Raises LedgerError when the area has a ledger already, or another area has this origin.
    """
    taken = (ledger_heads.c.area_id == area_id) | (ledger_heads.c.origin == signer.origin)
    if conn.execute(select(ledger_heads.c.area_id).where(taken)).first() is not None:
        raise LedgerError("the area has a ledger already, or its origin belongs to another")
    head = Head(area_id, signer.origin, 0, tree.EMPTY_ROOT)
    conn.execute(
        insert(ledger_heads).values(
            area_id=area_id, origin=head.origin, size=head.size, root=head.root
        )
    )
    _keep(conn, head, signer.sign(head.size, head.root))
    return head


def lock(conn: Connection, area_id: str) -> Head:
    """Make the caller the area's only writer until its transaction ends, and return the head."""
    return _read_head(conn, area_id, _select_head(area_id).with_for_update())


def head(conn: Connection, area_id: str) -> Head:
    """Return the head without locking it; raises NoBook."""
    return _read_head(conn, area_id, _select_head(area_id))


def append(
    conn: Connection, area_id: str, leaf: bytes, at: datetime, signer: LedgerSigner
) -> Entry:
    """Append one leaf, recorded ``at``; the caller calls ``checkpoint`` after its last one.

    The leaf is canonical (``leaf.encode``) and names its ``deed`` and this very time as ``at``.
    Costs five statements whatever the size.  Raises LeafRefused, NoBook, WrongSigner, and
    LedgerDamaged when the stored tree is not the one the head speaks of.
    """
    deed, named = particulars(leaf)
    if named != moment(at):
        raise LeafRefused("the leaf names another time than the one it is recorded at")
    now = lock(conn, area_id)
    _require(now, signer)
    stored = _hashes(conn, area_id, tree.subtrees(0, now.size))
    if tree.root(now.size, _getter(stored)) != now.root:
        raise LedgerDamaged("the stored tree is not the one the ledger's head speaks of")
    hashed = tree.leaf_hash(leaf)
    made = tree.new_nodes(now.size, hashed, _getter(stored))
    stored.update({(level, position): each for level, position, each in made})
    grown = tree.root(now.size + 1, _getter(stored))
    conn.execute(
        insert(ledger_entries).values(
            area_id=area_id,
            position=now.size,
            leaf=leaf,
            leaf_hash=hashed,
            deed=deed,
            recorded_at=at,
        )
    )
    conn.execute(
        insert(ledger_nodes),
        [
            {"area_id": area_id, "level": level, "position": position, "hash": each}
            for level, position, each in made
        ],
    )
    moved = conn.execute(
        update(ledger_heads)
        .where(ledger_heads.c.area_id == area_id, ledger_heads.c.size == now.size)
        .values(size=now.size + 1, root=grown)
    )
    if moved.rowcount != 1:
        raise LedgerDamaged("the ledger grew under its writer's lock")
    return Entry(now.size, hashed, leaf, deed, at)


def checkpoint(conn: Connection, area_id: str, signer: LedgerSigner) -> str:
    """Sign the ledger as it stands, keep the note and return it; once before each commit.

    First proves that the tree extends the newest checkpoint: a log must never sign two trees of
    which one does not begin the other.  Raises LedgerDamaged when it does not, and NoteRefused
    when that checkpoint is not one we signed.
    """
    now = lock(conn, area_id)
    _require(now, signer)
    row = conn.execute(_newest_note(area_id)).first()
    if row is None or row.size > now.size:
        raise LedgerDamaged("the newest checkpoint of the ledger is missing, or ahead of it")
    before = signed.open_checkpoint(row.note, signer.known, now.origin)
    spans = tree.consistency_spans(before.size, now.size)
    stored = _getter(_hashes(conn, area_id, tree.nodes_of(spans)))
    proof = [tree.span_hash(span, stored) for span in spans]
    extends = tree.verify_consistency(before.size, now.size, before.root, now.root, proof)
    if before.size != row.size or not extends:
        raise LedgerDamaged("the ledger does not extend its newest checkpoint")
    if before.size == now.size:
        return str(row.note)
    note = signer.sign(now.size, now.root)
    _keep(conn, now, note)
    return note


def entries(
    conn: Connection, area_id: str, start: int = 0, count: int = 100, newest_first: bool = False
) -> list[Entry]:
    """Return up to ``count`` lines, passing over ``start`` of them from the chosen end."""
    query = select(ledger_entries).where(_entry.area_id == area_id)
    if newest_first:
        below = head(conn, area_id).size - start
        query = query.where(_entry.position < below).order_by(_entry.position.desc())
    else:
        query = query.where(_entry.position >= start).order_by(_entry.position)
    return [_as_entry(row) for row in conn.execute(query.limit(count))]


def newest_of(conn: Connection, area_id: str, deed: str) -> Entry | None:
    """Return the last line that tells of ``deed``, such as ``clock.accepted``; or None."""
    query = select(ledger_entries).where(_entry.area_id == area_id, _entry.deed == deed)
    row = conn.execute(query.order_by(_entry.position.desc()).limit(1)).first()
    return None if row is None else _as_entry(row)


def newest_time(conn: Connection, area_id: str, after: int = -1) -> datetime | None:
    """Return the latest time of any line at a position above ``after``; None when there is none.

    For the clock: give the position of the newest accepted clock, so that lines written by a
    clock that ran ahead do not count once an operator has put it right.
    """
    query = select(_entry.recorded_at).where(_entry.area_id == area_id, _entry.position > after)
    return conn.execute(query.order_by(_entry.recorded_at.desc()).limit(1)).scalar()


def find_leaf_hash(conn: Connection, area_id: str, leaf_hash: bytes) -> int | None:
    """Return the position of the first line with this leaf hash, or None."""
    query = select(_entry.position).where(_entry.area_id == area_id, _entry.leaf_hash == leaf_hash)
    return conn.execute(query.order_by(_entry.position).limit(1)).scalar()


def newest_checkpoint(conn: Connection, area_id: str) -> str:
    """Return the newest signed checkpoint, to be held by a witness elsewhere; raises NoBook."""
    row = conn.execute(_newest_note(area_id)).first()
    if row is None:
        raise NoBook(f"the area {area_id} has no ledger")
    return str(row.note)


def checkpoint_of_size(conn: Connection, area_id: str, size: int) -> str | None:
    """Return the signed checkpoint that was made when the ledger had this size, or None."""
    wanted = select(_note.note).where(_note.area_id == area_id, _note.size == size)
    return conn.execute(wanted).scalar()


def receipt(conn: Connection, area_id: str, position: int) -> str:
    """Return the receipt (``receipt.check`` reads it) of the line at ``position``.

    It is under the newest checkpoint.  Raises LedgerError when no checkpoint covers the line.
    """
    row = conn.execute(_newest_note(area_id)).first()
    if row is None or not 0 <= position < row.size:
        raise LedgerError(f"no checkpoint covers a line {position}")
    spans = tree.inclusion_spans(position, row.size)
    stored = _getter(_hashes(conn, area_id, tree.nodes_of(spans)))
    return receipts.write(position, [tree.span_hash(span, stored) for span in spans], row.note)


def _select_head(area_id: str) -> Select[Any]:
    return select(ledger_heads).where(ledger_heads.c.area_id == area_id)


def _read_head(conn: Connection, area_id: str, query: Select[Any]) -> Head:
    row = conn.execute(query).first()
    if row is None:
        raise NoBook(f"the area {area_id} has no ledger")
    return Head(row.area_id, row.origin, row.size, row.root)


def _newest_note(area_id: str) -> Select[Any]:
    query = select(_note.size, _note.note).where(_note.area_id == area_id)
    return query.order_by(_note.size.desc()).limit(1)


def _require(now: Head, signer: LedgerSigner) -> None:
    if signer.origin != now.origin:
        raise WrongSigner(f"this ledger is {now.origin}, not {signer.origin}")


def _keep(conn: Connection, now: Head, note: str) -> None:
    conn.execute(insert(ledger_checkpoints).values(area_id=now.area_id, size=now.size, note=note))


def _hashes(
    conn: Connection, area_id: str, wanted: Iterable[tree.Coordinate]
) -> dict[tree.Coordinate, bytes]:
    coordinates = frozenset(wanted)
    if not coordinates:
        return {}
    # Asked for pairs, SQLite would read every node of the area; asked for levels and positions it
    # looks each of them up: a few hundred at most, however long the ledger.
    query = select(_node.level, _node.position, _node.hash).where(
        _node.area_id == area_id,
        _node.level.in_(sorted({level for level, _ in coordinates})),
        _node.position.in_(sorted({position for _, position in coordinates})),
    )
    found = {(row.level, row.position): row.hash for row in conn.execute(query)}
    return {each: found[each] for each in coordinates & found.keys()}


def _getter(stored: dict[tree.Coordinate, bytes]) -> tree.Get:
    def get(level: int, position: int) -> bytes:
        try:
            return stored[level, position]
        except KeyError as error:
            raise LedgerDamaged(f"node {level}/{position} of the ledger is missing") from error

    return get


def _as_entry(row: Row[Any]) -> Entry:
    return Entry(row.position, row.leaf_hash, row.leaf, row.deed, row.recorded_at)
