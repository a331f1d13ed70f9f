"""Writing ledgers for tests: the times, the signer, and lines of made-up deeds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, Engine

from portal.ledger import book, leaf
from portal.ledger.checkpoint import LedgerSigner
from portal.ledger.tables import append_only_ddl, drop_ddl, ledger_metadata

AREA = "north"
START = datetime(2026, 5, 1, 9, 0, tzinfo=UTC)
SIGNER = LedgerSigner("mappa.example/ledger/north", b"\x07" * 32)
STRANGER = LedgerSigner("mappa.example/ledger/north", b"\x08" * 32)
COMMITS = (1, 2, 3, 4, 5, 6)
"""Lines of each commit: checkpoints stand at 1, 3, 6, 10, 15 and 21."""


def at(number: int) -> datetime:
    return START + timedelta(minutes=number)


def a_leaf(number: int, deed: str = "paper.opened") -> bytes:
    return leaf.encode({"deed": deed, "at": leaf.moment(at(number)), "grant": f"grant{number}"})


def commit_of(conn: Connection, numbers: Sequence[int], signer: LedgerSigner = SIGNER) -> None:
    for number in numbers:
        book.append(conn, AREA, a_leaf(number), at(number), signer)
    book.checkpoint(conn, AREA, signer)


def write_all(conn: Connection, commits: Sequence[int] = COMMITS) -> int:
    """Open the area's ledger and write ``commits``; return how many lines there are."""
    book.open_book(conn, AREA, SIGNER)
    written = 0
    for count in commits:
        commit_of(conn, range(written, written + count))
        written += count
    return written


def make_tables(engine: Engine) -> None:
    with engine.begin() as conn:
        ledger_metadata.create_all(conn)
        for line in append_only_ddl(engine.dialect.name):
            conn.exec_driver_sql(line)


def drop_triggers(conn: Connection) -> None:
    """What an intruder who owns the database does first."""
    for line in drop_ddl(conn.dialect.name):
        conn.exec_driver_sql(line)
