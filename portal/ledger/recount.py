"""The recount: reads a ledger back from its first line and stops where something does not fit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, String, and_, func, or_, select, type_coerce, union_all
from sqlalchemy.types import NullType

from portal.ledger import book, tree
from portal.ledger.checkpoint import Checkpoint, signed_checkpoint
from portal.ledger.errors import LeafRefused, NoBook, NoteRefused
from portal.ledger.leaf import particulars
from portal.ledger.note import Verifier
from portal.ledger.tables import ledger_checkpoints, ledger_entries, ledger_nodes

_BATCH = 512

_entry = ledger_entries.c
_node = ledger_nodes.c
_note = ledger_checkpoints.c


class Misfit(Exception):
    """The first thing that does not fit: at which line, and what."""

    def __init__(self, index: int, what: str) -> None:
        super().__init__(what)
        self.index = index
        self.what = what


class Recount:
    """Recomputes one area's ledger; holds a few hundred lines and one hash per level at a time.

    ``known`` are the ledger's verifier keys, the newest first: once a newer one has signed, an
    older one alone counts no more, so a key that was replaced writes nothing into the record.
    ``size``, ``root`` and ``checkpoints`` tell how far it came.  Values are read as the database
    holds them, with no conversion that an edit could make fail.
    """

    def __init__(
        self,
        conn: Connection,
        area_id: str,
        known: Sequence[Verifier],
        held: Sequence[Checkpoint],
    ) -> None:
        self.size = 0
        self.checkpoints = 0
        self._conn = conn
        self._area = area_id
        self._known = known
        self._origin = known[0].name
        self._held: Mapping[int, list[Checkpoint]] = _by_size(held)
        self._nodes: dict[tree.Coordinate, bytes] = {}
        self._covered = -1
        # How new the newest key is that has signed so far: its place in `known`.
        self._newest = len(known)

    @property
    def root(self) -> bytes:
        """The recomputed root of the lines counted so far."""
        return tree.root(self.size, self._get)

    def run(self) -> None:
        """Count everything; raises Misfit at the first thing that does not fit."""
        end, root = self._head()
        for first in range(0, max(end, 1), _BATCH):
            self._batch(first, min(first + _BATCH, end))
        self._nothing_beyond(end)
        if self.root != root:
            raise Misfit(
                max(end - 1, 0), "the ledger's head holds another root than its lines give"
            )
        if self._covered != end:
            raise Misfit(
                max(self._covered, 0), f"no signed checkpoint covers the lines up to {end}"
            )

    def _head(self) -> tuple[int, bytes]:
        try:
            head = book.head(self._conn, self._area)
        except NoBook as error:
            raise Misfit(0, "the ledger's head is missing") from error
        if head.origin != self._origin:
            raise Misfit(0, f"the ledger calls itself {head.origin}, not {self._origin}")
        size: object = head.size
        if not isinstance(size, int) or size < 0:
            raise Misfit(0, "the ledger's head counts no lines")
        return size, head.root

    def _batch(self, first: int, last: int) -> None:
        lines = iter(self._entries(first, last))
        nodes = self._stored_nodes(first, last)
        notes = self._notes(first, last)
        if first == 0:
            self._check_notes(notes)
        for index in range(first, last):
            self._check_line(index, next(lines, None))
            self._check_nodes(index, nodes)
            self.size = index + 1
            self._check_notes(notes)

    def _check_line(self, index: int, row: Row[Any] | None) -> None:
        if row is None or row.position != index:
            below = row is not None and isinstance(row.position, int) and row.position < index
            what = "a line stands before the first" if below else f"line {index} is missing"
            raise Misfit(index, what)
        if not isinstance(row.leaf, bytes):
            raise Misfit(index, f"line {index} is not bytes")
        hashed = tree.leaf_hash(row.leaf)
        if row.leaf_hash != hashed:
            raise Misfit(index, f"line {index} is not what was hashed")
        try:
            beside = particulars(row.leaf)
        except LeafRefused as error:
            raise Misfit(index, f"line {index}: {error}") from error
        if (row.deed, row.recorded_at) != beside:
            raise Misfit(index, f"line {index} is filed under another deed or time than it names")
        self._leaf_hash = hashed

    def _check_nodes(self, index: int, stored: Mapping[tree.Coordinate, Any]) -> None:
        made = tree.new_nodes(index, self._leaf_hash, self._get)
        for level, position, expected in made:
            if stored.get((level, position)) != expected:
                what = f"node {level}/{position} is not the one line {index} completes"
                raise Misfit(index, what)
        for level, position, expected in made:
            # Its two children will never be asked for again.
            self._nodes.pop((level - 1, position * 2), None)
            self._nodes.pop((level - 1, position * 2 + 1), None)
            self._nodes[level, position] = expected

    def _check_notes(self, notes: Mapping[int, Any]) -> None:
        found = list(self._held.get(self.size, ()))
        if self.size in notes:
            try:
                found.append(self._open(notes[self.size]))
            except NoteRefused as error:
                what = f"the checkpoint of {self.size} lines: {error}"
                raise Misfit(max(self.size - 1, 0), what) from error
        for checkpoint in found:
            if checkpoint.size != self.size or checkpoint.root != self.root:
                since = max(min(self._covered, self.size - 1), 0)
                raise Misfit(
                    since,
                    f"the lines from {since} on are not those that the checkpoint of "
                    f"{self.size} lines signed",
                )
        if self.size in notes:
            self.checkpoints += 1
            self._covered = self.size

    def _open(self, note: Any) -> Checkpoint:
        if not isinstance(note, str):
            raise NoteRefused("not a note")
        found, signers = signed_checkpoint(note, self._known, self._origin)
        newest = min(map(self._known.index, signers))
        if newest > self._newest:
            raise NoteRefused("it is signed by a key that another had replaced before")
        self._newest = newest
        return found

    def _nothing_beyond(self, end: int) -> None:
        # Rows first, head after them: a line that was appended meanwhile is below the head read
        # later, and what still stands beyond that was never appended.
        line = self._conn.scalar(self._beyond(func.max(_entry.position), _entry.area_id))
        signed = self._conn.scalar(self._beyond(func.max(_note.size), _note.area_id))
        strays = self._stray_nodes(end)
        grown, _ = self._head()
        promised = max([signed or 0, *(size for size in self._held if size > end)])
        if promised > grown or any(size > end for size in self._held):
            what = f"a signed checkpoint counts {promised} lines; the ledger has {end}"
            raise Misfit(end, what)
        if line is not None and line >= grown:
            raise Misfit(end, f"line {line} stands beyond the ledger's head")
        for level, position in strays:
            if level < 0 or position < 0 or (position + 1) << level > grown:
                raise Misfit(end, f"node {level}/{position} stands where no line completes it")

    def _beyond(self, what: Any, area: Any) -> Any:
        return select(what).where(area == self._area)

    def _stray_nodes(self, end: int) -> list[tuple[int, int]]:
        tallest = end.bit_length()
        stray = or_(
            _node.level < 0,
            _node.position < 0,
            _node.level > tallest,
            *(
                and_(_node.level == level, _node.position >= end >> level)
                for level in range(tallest + 1)
            ),
        )
        query = select(_node.level, _node.position).where(_node.area_id == self._area, stray)
        rows = self._conn.execute(query.order_by(_node.level, _node.position).limit(100_000))
        return [(row.level, row.position) for row in rows]

    def _entries(self, first: int, last: int) -> Sequence[Row[Any]]:
        query = select(
            _entry.position,
            type_coerce(_entry.leaf, NullType()).label("leaf"),
            type_coerce(_entry.leaf_hash, NullType()).label("leaf_hash"),
            _entry.deed,
            type_coerce(_entry.recorded_at, String()).label("recorded_at"),
        ).where(_entry.area_id == self._area, _entry.position < last)
        if first:
            query = query.where(_entry.position >= first)
        return self._conn.execute(query.order_by(_entry.position).limit(_BATCH + 1)).all()

    def _stored_nodes(self, first: int, last: int) -> dict[tree.Coordinate, Any]:
        hashed = type_coerce(_node.hash, NullType()).label("hash")
        # Level by level: asked for all of them at once, SQLite would read every node of the area.
        completed = [
            select(_node.level, _node.position, hashed).where(
                _node.area_id == self._area,
                _node.level == level,
                _node.position >= first >> level,
                _node.position < last >> level,
            )
            for level in range(last.bit_length() + 1)
        ]
        found = self._conn.execute(union_all(*completed))
        return {(row.level, row.position): row.hash for row in found}

    def _notes(self, first: int, last: int) -> dict[int, Any]:
        query = select(_note.size, type_coerce(_note.note, NullType()).label("note")).where(
            _note.area_id == self._area, _note.size <= last
        )
        query = query.where(_note.size > first if first else _note.size >= 0)
        return {row.size: row.note for row in self._conn.execute(query)}

    def _get(self, level: int, position: int) -> bytes:
        return self._nodes[level, position]


def _by_size(held: Sequence[Checkpoint]) -> Mapping[int, list[Checkpoint]]:
    sizes: defaultdict[int, list[Checkpoint]] = defaultdict(list)
    for checkpoint in held:
        sizes[checkpoint.size].append(checkpoint)
    return dict(sizes)
