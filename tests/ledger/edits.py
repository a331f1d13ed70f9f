"""The edits an intruder who owns the database could make to a ledger of 21 lines.

Tables are named without ``ledger_``; ``{other}`` is a hash of nothing that stands there, ``{dash}``
the mark that begins a signature line, ``{rest}`` the columns of an entry beside its key.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from sqlalchemy import Connection

OTHER = bytes(32)
_TABLE = re.compile(r"\b(entries|nodes|checkpoints|heads)\b")


@dataclass(frozen=True)
class Edit:
    """SQL statements, the first line they spoil, and what the audit says of it."""

    name: str
    index: int
    says: str
    statements: tuple[str, ...]


EDITS = [
    Edit(
        "altered",
        7,
        "not what was hashed",
        ("UPDATE entries SET leaf = leaf_hash WHERE position = 7",),
    ),
    Edit(
        "altered hash",
        7,
        "not what was hashed",
        ("UPDATE entries SET leaf_hash = {other} WHERE position = 7",),
    ),
    Edit(
        "altered time",
        7,
        "another deed or time",
        ("UPDATE entries SET recorded_at = replace(recorded_at, '09', '08') WHERE position = 7",),
    ),
    Edit(
        "spoiled time",
        7,
        "another deed or time",
        ("UPDATE entries SET recorded_at = '' WHERE position = 7",),
    ),
    Edit(
        "altered deed",
        7,
        "another deed or time",
        ("UPDATE entries SET deed = 'session.closed' WHERE position = 7",),
    ),
    Edit("deleted", 7, "line 7 is missing", ("DELETE FROM entries WHERE position = 7",)),
    Edit("deleted first", 0, "line 0 is missing", ("DELETE FROM entries WHERE position = 0",)),
    Edit("deleted last", 20, "line 20 is missing", ("DELETE FROM entries WHERE position = 20",)),
    Edit("deleted all", 0, "line 0 is missing", ("DELETE FROM entries",)),
    Edit(
        "moved to another area", 0, "line 0 is missing", ("UPDATE entries SET area_id = 'south'",)
    ),
    Edit(
        "inserted before",
        0,
        "before the first",
        ("INSERT INTO entries SELECT area_id, -1, {rest} FROM entries WHERE position = 3",),
    ),
    Edit(
        "inserted after",
        21,
        "beyond the ledger's head",
        ("INSERT INTO entries SELECT area_id, 21, {rest} FROM entries WHERE position = 3",),
    ),
    Edit(
        "inserted between",
        6,
        "node 0/6",
        (
            "UPDATE entries SET position = position + 101 WHERE position > 5",
            "UPDATE entries SET position = position - 100 WHERE position > 100",
            "INSERT INTO entries SELECT area_id, 6, {rest} FROM entries WHERE position = 3",
        ),
    ),
    Edit(
        "closed up",
        4,
        "node 0/4",
        (
            "DELETE FROM entries WHERE position = 4",
            "UPDATE entries SET position = position + 100 WHERE position > 4",
            "UPDATE entries SET position = position - 101 WHERE position > 100",
        ),
    ),
    Edit(
        "reordered",
        4,
        "node 0/4",
        (
            "UPDATE entries SET position = 100 WHERE position = 4",
            "UPDATE entries SET position = 4 WHERE position = 15",
            "UPDATE entries SET position = 15 WHERE position = 100",
        ),
    ),
    Edit(
        "node of a line",
        9,
        "node 0/9",
        ("UPDATE nodes SET hash = {other} WHERE level = 0 AND position = 9",),
    ),
    Edit(
        "node within",
        7,
        "node 2/1",
        ("UPDATE nodes SET hash = {other} WHERE level = 2 AND position = 1",),
    ),
    Edit("node at the top", 15, "node 4/0", ("UPDATE nodes SET hash = {other} WHERE level = 4",)),
    Edit("node deleted", 3, "node 1/1", ("DELETE FROM nodes WHERE level = 1 AND position = 1",)),
    Edit("nodes deleted", 0, "node 0/0", ("DELETE FROM nodes",)),
    Edit("node ahead", 21, "node 0/21", ("INSERT INTO nodes VALUES ('north', 0, 21, {other})",)),
    Edit("node too high", 21, "node 40/0", ("INSERT INTO nodes VALUES ('north', 40, 0, {other})",)),
    Edit("node below", 21, "node -1/0", ("INSERT INTO nodes VALUES ('north', -1, 0, {other})",)),
    Edit("node before", 21, "node 0/-1", ("INSERT INTO nodes VALUES ('north', 0, -1, {other})",)),
    Edit(
        "checkpoint of another size",
        9,
        "the checkpoint of 10 lines",
        ("UPDATE checkpoints SET note = replace(note, '10', '11') WHERE size = 10",),
    ),
    Edit(
        "checkpoint emptied",
        5,
        "the checkpoint of 6 lines",
        ("UPDATE checkpoints SET note = '' WHERE size = 6",),
    ),
    Edit(
        "checkpoint unsigned",
        5,
        "the checkpoint of 6 lines",
        ("UPDATE checkpoints SET note = replace(note, {dash}, 'x') WHERE size = 6",),
    ),
    Edit(
        "checkpoint at another size",
        6,
        "lines from 6 on",
        (
            "DELETE FROM checkpoints WHERE size = 10",
            "UPDATE checkpoints SET size = 10 WHERE size = 15",
        ),
    ),
    Edit(
        "newest checkpoint deleted",
        15,
        "covers the lines up to 21",
        ("DELETE FROM checkpoints WHERE size = 21",),
    ),
    Edit("checkpoints deleted", 0, "covers the lines up to 21", ("DELETE FROM checkpoints",)),
    Edit("head's root", 20, "another root", ("UPDATE heads SET root = {other}",)),
    Edit("head smaller", 20, "counts 21 lines", ("UPDATE heads SET size = 20",)),
    Edit("head larger", 21, "line 21 is missing", ("UPDATE heads SET size = 22",)),
    Edit("head huge", 21, "line 21 is missing", ("UPDATE heads SET size = 9000000000000000",)),
    Edit("head below nothing", 0, "counts no lines", ("UPDATE heads SET size = -1",)),
    Edit("head emptied", 0, "counts 21 lines", ("UPDATE heads SET size = 0",)),
    Edit("head deleted", 0, "head is missing", ("DELETE FROM heads",)),
    Edit("head renamed", 0, "calls itself elsewhere", ("UPDATE heads SET origin = 'elsewhere'",)),
    Edit(
        "tail cut",
        20,
        "line 20 is missing",
        (
            "DELETE FROM entries WHERE position > 19",
            "DELETE FROM nodes WHERE level = 0 AND position > 19",
        ),
    ),
    Edit(
        "two edits",
        2,
        "line 2 is missing",
        (
            "DELETE FROM entries WHERE position IN (2, 12)",
            "UPDATE nodes SET hash = {other} WHERE position = 11",
        ),
    ),
]


def apply(conn: Connection, edit: Edit) -> None:
    """Carry out ``edit``; each of its statements must change something."""
    on_sqlite = conn.dialect.name == "sqlite"
    for statement in edit.statements:
        named = _TABLE.sub(r"ledger_\1", statement).format(
            other=f"x'{OTHER.hex()}'" if on_sqlite else f"'\\x{OTHER.hex()}'::bytea",
            dash="char(8212)" if on_sqlite else "chr(8212)",
            rest="leaf, leaf_hash, deed, recorded_at",
        )
        assert conn.exec_driver_sql(named).rowcount > 0, edit.name
