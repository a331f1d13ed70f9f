"""Writing and reading the book: what it keeps, what it refuses, what it costs."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, event, func, select
from sqlalchemy.exc import DBAPIError

from portal.ledger import book, leaf, receipt, tree, verify
from portal.ledger.checkpoint import LedgerSigner, open_checkpoint
from portal.ledger.errors import (
    LeafRefused,
    LedgerDamaged,
    LedgerError,
    NoBook,
    NoteRefused,
    ReceiptRefused,
    WrongSigner,
)
from portal.ledger.tables import ledger_nodes
from tests.ledger.writing import (
    AREA,
    SIGNER,
    START,
    STRANGER,
    a_leaf,
    at,
    commit_of,
    drop_triggers,
    write_all,
)


def test_lines_are_read_back_as_they_were_hashed(written: Engine) -> None:
    with written.begin() as conn:
        read = book.entries(conn, AREA)
    assert [entry.leaf for entry in read] == [a_leaf(number) for number in range(21)]
    assert [entry.position for entry in read] == list(range(21))
    assert [entry.recorded_at for entry in read] == [at(number) for number in range(21)]
    assert all(entry.leaf_hash == tree.leaf_hash(entry.leaf) for entry in read)
    assert {entry.deed for entry in read} == {"paper.opened"}


def test_lines_are_turned_page_by_page_from_either_end(written: Engine) -> None:
    def positions(*which: Any) -> list[int]:
        with written.begin() as conn:
            return [entry.position for entry in book.entries(conn, AREA, *which)]

    assert positions(0, 3) == [0, 1, 2]
    assert positions(19, 5) == [19, 20]
    assert positions(21, 5) == []
    assert positions(0, 3, True) == [20, 19, 18]
    assert positions(19, 5, True) == [1, 0]
    assert positions(21, 5, True) == []


def test_the_head_is_the_root_of_the_lines(written: Engine) -> None:
    stored: dict[tree.Coordinate, bytes] = {}
    for size in range(21):
        hashed = tree.leaf_hash(a_leaf(size))
        for level, position, each in tree.new_nodes(size, hashed, lambda *where: stored[where]):
            stored[level, position] = each
    with written.begin() as conn:
        head = book.head(conn, AREA)
        newest = book.newest_checkpoint(conn, AREA)
    assert (head.size, head.origin) == (21, SIGNER.origin)
    assert head.root == tree.root(21, lambda *where: stored[where])
    checkpoint = open_checkpoint(newest, SIGNER.known, SIGNER.origin)
    assert (checkpoint.size, checkpoint.root) == (head.size, head.root)


def test_every_line_has_a_receipt_that_proves_it_and_no_other(written: Engine) -> None:
    with written.begin() as conn:
        receipts = [book.receipt(conn, AREA, number) for number in range(21)]
    for number, text in enumerate(receipts):
        assert len(text.encode()) < 1200
        index, head = receipt.check(text, a_leaf(number), SIGNER.known, SIGNER.origin)
        assert (index, head.size) == (number, 21)
        with pytest.raises(ReceiptRefused):
            receipt.check(text, a_leaf(number + 1), SIGNER.known, SIGNER.origin)
        with pytest.raises(ReceiptRefused):
            receipt.check(text, a_leaf(number), STRANGER.known, SIGNER.origin)
        with pytest.raises(ReceiptRefused):
            receipt.check(text, a_leaf(number), SIGNER.known, "elsewhere")


@pytest.mark.parametrize("position", [-1, 21, 1000])
def test_a_line_that_is_not_there_has_no_receipt(written: Engine, position: int) -> None:
    with written.begin() as conn, pytest.raises(LedgerError):
        book.receipt(conn, AREA, position)


def test_a_line_has_no_receipt_before_its_checkpoint(written: Engine) -> None:
    with written.begin() as conn:
        book.append(conn, AREA, a_leaf(21), at(21), SIGNER)
        with pytest.raises(LedgerError):
            book.receipt(conn, AREA, 21)
        assert book.receipt(conn, AREA, 20)


def test_lines_are_found_by_hash_deed_and_time(written: Engine) -> None:
    with written.begin() as conn:
        assert book.find_leaf_hash(conn, AREA, tree.leaf_hash(a_leaf(7))) == 7
        assert book.find_leaf_hash(conn, AREA, tree.leaf_hash(b"none")) is None
        assert book.find_leaf_hash(conn, "south", tree.leaf_hash(a_leaf(7))) is None
        assert book.newest_of(conn, AREA, "clock.accepted") is None
        assert book.newest_time(conn, AREA) == at(20)
        ahead = START + timedelta(days=3)
        book.append(
            conn, AREA, leaf.encode({"deed": "a.b", "at": leaf.moment(ahead)}), ahead, SIGNER
        )
        for number in (21, 22):
            book.append(conn, AREA, a_leaf(number, "clock.accepted"), at(number), SIGNER)
        accepted = book.newest_of(conn, AREA, "clock.accepted")
        assert accepted is not None
        assert (accepted.position, accepted.recorded_at) == (23, at(22))
        assert book.newest_time(conn, AREA) == ahead
        assert book.newest_time(conn, AREA, after=accepted.position) is None
        assert book.newest_time(conn, AREA, after=accepted.position - 1) == at(22)


def test_areas_keep_apart(written: Engine) -> None:
    south = LedgerSigner("mappa.example/ledger/south", b"\x09" * 32)
    with written.begin() as conn:
        book.open_book(conn, "south", south)
        book.append(conn, "south", a_leaf(0), at(0), south)
        book.checkpoint(conn, "south", south)
        assert book.head(conn, "south").size == 1
        assert book.head(conn, AREA).size == 21
        assert verify.audit(conn, "south", south.vkey).what is None
        assert verify.audit(conn, AREA, SIGNER.vkey).what is None
        with pytest.raises(WrongSigner):
            book.append(conn, AREA, a_leaf(21), at(21), south)
        with pytest.raises(WrongSigner):
            book.checkpoint(conn, "south", SIGNER)
        with pytest.raises(LedgerError):
            book.open_book(conn, "south", south)
        with pytest.raises(LedgerError):
            book.open_book(conn, "east", south)


def test_an_area_without_a_ledger_says_so(engine: Engine) -> None:
    with engine.begin() as conn:
        for ask in (book.head, book.lock, book.newest_checkpoint):
            with pytest.raises(NoBook):
                ask(conn, AREA)
        with pytest.raises(NoBook):
            book.append(conn, AREA, a_leaf(0), at(0), SIGNER)
        with pytest.raises(NoBook):
            list(verify.export(conn, AREA))
        assert book.entries(conn, AREA) == []
        assert book.newest_time(conn, AREA) is None
        assert verify.audit(conn, AREA, SIGNER.vkey).first_bad == 0


@pytest.mark.parametrize(
    "wrong",
    [
        b"", b"{}", b"not json", a_leaf(22), a_leaf(21) + b" ",
        leaf.encode({"at": leaf.moment(at(21))}), leaf.encode({"deed": "a.b"}),
    ],
)  # fmt: skip
def test_a_line_that_is_no_leaf_of_this_time_is_refused(sqlite: Engine, wrong: bytes) -> None:
    with sqlite.begin() as conn:
        write_all(conn)
        with pytest.raises(LeafRefused):
            book.append(conn, AREA, wrong, at(21), SIGNER)
        assert book.head(conn, AREA).size == 21


def test_what_is_rolled_back_never_was(written: Engine) -> None:
    with written.begin() as conn:
        before = book.head(conn, AREA)
    with written.connect() as conn:
        commit_of(conn, range(21, 25))
        assert book.head(conn, AREA).size == 25
    with written.begin() as conn:
        assert book.head(conn, AREA) == before
        assert verify.audit(conn, AREA, SIGNER.vkey).what is None


def test_a_checkpoint_is_signed_once_for_a_size(written: Engine) -> None:
    with written.begin() as conn:
        assert book.checkpoint(conn, AREA, SIGNER) == book.newest_checkpoint(conn, AREA)


def test_no_checkpoint_follows_a_strangers(written: Engine) -> None:
    with written.begin() as conn:
        book.append(conn, AREA, a_leaf(21), at(21), STRANGER)
        with pytest.raises(NoteRefused):
            book.checkpoint(conn, AREA, STRANGER)


@pytest.mark.parametrize(
    "edit",
    [
        "UPDATE ledger_heads SET root = {other}",
        "UPDATE ledger_heads SET size = 20",
        "UPDATE ledger_nodes SET hash = {other} WHERE level = 4",
        "DELETE FROM ledger_nodes WHERE level = 4",
        "DELETE FROM ledger_nodes WHERE level = 0 AND position = 20",
    ],
)
def test_nothing_is_appended_to_a_tree_that_was_touched(written: Engine, edit: str) -> None:
    other = "x'{}'" if written.dialect.name == "sqlite" else "'\\x{}'"
    with written.begin() as conn:
        drop_triggers(conn)
        conn.exec_driver_sql(edit.format(other=other.format("00" * 32)))
        with pytest.raises(LedgerDamaged):
            book.append(conn, AREA, a_leaf(21), at(21), SIGNER)


def test_no_checkpoint_is_signed_over_rewritten_lines(written: Engine) -> None:
    with written.begin() as conn:
        drop_triggers(conn)
        conn.exec_driver_sql("DELETE FROM ledger_entries")
        conn.exec_driver_sql("DELETE FROM ledger_nodes")
        conn.exec_driver_sql("DELETE FROM ledger_heads")
        conn.exec_driver_sql("CREATE TEMPORARY TABLE kept AS SELECT * FROM ledger_checkpoints")
        conn.exec_driver_sql("DELETE FROM ledger_checkpoints")
        book.open_book(conn, AREA, SIGNER)
        for number in range(30):
            book.append(
                conn, AREA, a_leaf(number + (number == 4)), at(number + (number == 4)), SIGNER
            )
        conn.exec_driver_sql("INSERT INTO ledger_checkpoints SELECT * FROM kept WHERE size > 0")
        with pytest.raises(LedgerDamaged):
            book.checkpoint(conn, AREA, SIGNER)


def test_the_cost_of_a_line_does_not_grow(sqlite: Engine) -> None:
    asked: list[tuple[str, int]] = []

    @event.listens_for(sqlite, "before_cursor_execute")
    def _count(
        _conn: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, many: bool
    ) -> None:
        asked.append((statement, len(parameters) if not many else 0))

    with sqlite.begin() as conn:
        book.open_book(conn, AREA, SIGNER)
        for size in range(600):
            asked.clear()
            book.append(conn, AREA, a_leaf(size), at(size), SIGNER)
            assert len(asked) <= 5
            read = [bound for each, bound in asked if "FROM ledger_nodes" in each]
            assert sum(read) <= 1 + 2 * (size + 1).bit_length()
        asked.clear()
        book.checkpoint(conn, AREA, SIGNER)
        assert len(asked) <= 4
        nodes = conn.scalar(select(func.count()).select_from(ledger_nodes))
        assert nodes is not None
        assert nodes < 2 * 600


def test_eight_writers_make_one_ledger_without_a_fork(engine: Engine) -> None:
    writers, commits = 8, 6
    with engine.begin() as conn:
        book.open_book(conn, AREA, SIGNER)
    failures: list[BaseException] = []
    together = threading.Barrier(writers)

    def write(writer: int) -> None:
        try:
            together.wait(30)
            for commit in range(commits):
                first = 1000 * writer + 2 * commit
                with engine.begin() as conn:
                    commit_of(conn, [first, first + 1])
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=write, args=(each,)) for each in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []
    with engine.begin() as conn:
        found = verify.audit(conn, AREA, SIGNER.vkey)
        read = book.entries(conn, AREA, 0, 1000)
    assert (found.what, found.size) == (None, writers * commits * 2)
    assert found.checkpoints_checked == writers * commits + 1
    expected = {
        a_leaf(1000 * each + line) for each in range(writers) for line in range(commits * 2)
    }
    assert {entry.leaf for entry in read} == expected
    # Lines of one commit stand side by side: nobody writes in between.
    assert all(
        entry.recorded_at + timedelta(minutes=1) == after.recorded_at
        for entry, after in zip(read[::2], read[1::2], strict=True)
    )


def test_a_writer_waits_for_the_lock(engine: Engine) -> None:
    with engine.begin() as conn:
        book.open_book(conn, AREA, SIGNER)
    on_sqlite = engine.dialect.name == "sqlite"
    with engine.begin() as first, engine.connect() as second:
        book.lock(first, AREA)
        hurry = second.connection.cursor()
        hurry.execute("PRAGMA busy_timeout = 50" if on_sqlite else "SET lock_timeout = 50")
        hurry.close()
        with pytest.raises(DBAPIError):
            book.lock(second, AREA)
