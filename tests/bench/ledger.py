"""P9: appending under eight writers on PostgreSQL, auditing, receipts and proofs."""

from __future__ import annotations

import hashlib
import statistics
import tempfile
import threading
import time
from pathlib import Path

from sqlalchemy import Engine, text

from portal.ledger import book, verify
from portal.records.database import open_engine, reading, writing
from tests.bench.measuring import Row, absent, against, peak_mib, seconds, shown, within
from tests.ledger.writing import AREA, SIGNER, a_leaf, at, make_tables
from tests.real.postgres import find_binaries, running

WRITERS, EACH = 8, 100
LINES = 50_000
_COMMIT = 1000


def rows() -> list[Row]:
    with tempfile.TemporaryDirectory() as place:
        return [*_appending(Path(place)), *_auditing(Path(place))]


def _appending(place: Path) -> list[Row]:
    binaries = find_binaries()
    work = f"append a line, p99, {WRITERS} writers, PostgreSQL (flushed to disk)"
    if binaries is None:
        return [absent("P9", work, "PostgreSQL")]
    with running(binaries, "fsync=on", "synchronous_commit=on") as cluster:
        with cluster.connect() as admin:
            admin.execute("CREATE DATABASE bench TEMPLATE template0")
        engine = open_engine(cluster.url("bench").render_as_string(False))
        try:
            with_tree = _eight(engine, _a_line(engine))
            without = _eight(engine, _a_row(engine))
        finally:
            engine.dispose()
    ours, plain = _p99(with_tree), _p99(without)
    return [
        within("P9", work, ours, "< 20 ms", 0.020),
        against("P9", "the same", ours, "a table without a tree, p99", plain, "", None),
        Row("P9", "the same, median", shown(statistics.median(with_tree)), "", None, "", None),
    ]


def _a_line(engine: Engine) -> object:
    make_tables(engine)
    with writing(engine) as db:
        book.open_book(db, AREA, SIGNER)
        db.commit()

    def append(number: int) -> None:
        with writing(engine) as db:
            book.lock(db, AREA)
            book.append(db, AREA, a_leaf(number), at(number), SIGNER)
            book.checkpoint(db, AREA, SIGNER)
            db.commit()

    return append


def _a_row(engine: Engine) -> object:
    with engine.begin() as db:
        db.execute(text("CREATE TABLE plain (number bigserial PRIMARY KEY, leaf bytea)"))

    def append(number: int) -> None:
        with writing(engine) as db:
            db.execute(text("INSERT INTO plain (leaf) VALUES (:leaf)"), {"leaf": a_leaf(number)})
            db.commit()

    return append


def _eight(engine: Engine, append: object) -> list[float]:
    taken: list[float] = []

    def write(first: int) -> None:
        for number in range(first, first + EACH):
            start = time.perf_counter()
            append(number)  # type: ignore[operator]
            taken.append(time.perf_counter() - start)

    threads = [threading.Thread(target=write, args=(n * EACH,)) for n in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return taken


def _p99(taken: list[float]) -> float:
    return statistics.quantiles(taken, n=100)[98]


def _auditing(place: Path) -> list[Row]:
    engine = open_engine(f"sqlite:///{place / 'ledger.db'}")
    make_tables(engine)
    growing: list[float] = []
    with writing(engine) as db:
        book.open_book(db, AREA, SIGNER)
        for first in range(0, LINES, _COMMIT):
            start = time.process_time()
            for number in range(first, first + _COMMIT):
                book.append(db, AREA, a_leaf(number), at(number), SIGNER)
            book.checkpoint(db, AREA, SIGNER)
            growing.append((time.process_time() - start) / _COMMIT)
        db.commit()
    with reading(engine) as db:
        took = seconds(lambda: verify.audit(db, AREA, SIGNER.vkey), 3)
        leaves = [entry.leaf for entry in book.entries(db, AREA, 0, LINES)]
        proving = seconds(lambda: book.receipt(db, AREA, LINES // 3), 30)
        size = len(book.receipt(db, AREA, LINES // 3))
    engine.dispose()
    hashing = seconds(lambda: [hashlib.sha256(leaf).digest() for leaf in leaves], 3)
    early, late = statistics.median(growing[:5]), statistics.median(growing[-5:])
    rate = f"{LINES:,} lines"
    return [
        Row("P9", f"audit of {rate}", shown(took), "", None, "see the note", None),
        against("P9", f"audit of {rate}", took, "SHA-256 of each leaf alone", hashing, "", None),
        Row("P9", "a receipt", f"{size} bytes", "", None, "< 2 KB", size < 2000),
        within("P9", f"making the proof, among {rate}", proving, "< 1 ms", 0.001),
        Row("P9", "append (SQLite, no flush), processor time: first and last 5,000 lines",
            f"{shown(early)}, then {shown(late)}", "", early / late, "does not grow",
            late < early * 1.3),
        Row("P9", "peak memory", f"{peak_mib():.0f} MiB", "", None, "", None),
    ]  # fmt: skip
