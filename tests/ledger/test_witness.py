"""What a server saw of a ledger shows that its database was put back, on either database."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine

from portal.ledger import book
from portal.ledger.errors import NoBook, RecordBehind
from portal.ledger.witness import Witness
from tests.ledger.writing import AREA, SIGNER, STRANGER, commit_of, make_tables, write_all


@pytest.fixture
def witness(tmp_path: Path) -> Witness:
    return Witness(tmp_path / "checkpoints")


def later_ledger(tmp_path: Path) -> str:
    """The checkpoint of a ledger that began alike and went on by one line."""
    from tests.ledger.conftest import sqlite_engine

    other = sqlite_engine(tmp_path / "later.db")
    make_tables(other)
    with other.begin() as conn:
        size = write_all(conn)
        commit_of(conn, [size])
        note = book.newest_checkpoint(conn, AREA)
    other.dispose()
    return note


def test_a_ledger_that_grows_is_believed(engine: Engine, witness: Witness) -> None:
    with engine.begin() as conn:
        size = write_all(conn)
        witness.require(conn, AREA, SIGNER)  # nothing was seen yet
        witness.see(AREA, book.newest_checkpoint(conn, AREA))
        witness.require(conn, AREA, SIGNER)
        commit_of(conn, [size, size + 1])
        witness.require(conn, AREA, SIGNER)  # an older one was seen: a crash after a commit


def test_one_that_was_put_back_is_not(engine: Engine, witness: Witness, tmp_path: Path) -> None:
    with engine.begin() as conn:
        write_all(conn)
        witness.see(AREA, later_ledger(tmp_path))
        with pytest.raises(RecordBehind, match="21 lines, and is not the one of 22"):
            witness.require(conn, AREA, SIGNER)


@pytest.mark.parametrize("grown", [1, 2, 30])
def test_nor_one_that_was_put_back_and_grew_again(
    engine: Engine, witness: Witness, tmp_path: Path, grown: int
) -> None:
    with engine.begin() as conn:
        size = write_all(conn)
        witness.see(AREA, later_ledger(tmp_path))
        for number in range(grown):
            commit_of(conn, [size + 100 + number])
        with pytest.raises(RecordBehind):
            witness.require(conn, AREA, SIGNER)


@pytest.mark.parametrize("body", [b"", b"nonsense", b"\xff\xfe", b"a\n21\nAAAA\n\n"])
def test_what_was_seen_and_cannot_be_read_stops_everything(
    engine: Engine, witness: Witness, tmp_path: Path, body: bytes
) -> None:
    with engine.begin() as conn:
        write_all(conn)
        witness.see(AREA, book.newest_checkpoint(conn, AREA))
        (tmp_path / "checkpoints" / AREA).write_bytes(body)
        with pytest.raises(RecordBehind, match="cannot be read"):
            witness.require(conn, AREA, SIGNER)


def test_somebody_elses_signature_is_not_what_we_saw(engine: Engine, witness: Witness) -> None:
    with engine.begin() as conn:
        write_all(conn)
        head = book.head(conn, AREA)
        witness.see(AREA, STRANGER.sign(head.size, head.root))
        with pytest.raises(RecordBehind, match="cannot be read"):
            witness.require(conn, AREA, SIGNER)


def test_a_folder_that_cannot_be_written_undoes_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    witness = Witness(tmp_path / "file")
    witness.see(AREA, "note")
    with pytest.raises(NotADirectoryError):
        witness.held(AREA)


def test_only_areas_have_a_file(witness: Witness) -> None:
    for name in ("", "../keys/seal", "a/b", "A" * 26):
        with pytest.raises(NoBook):
            witness.held(name)


def test_nothing_is_left_half_written(witness: Witness, tmp_path: Path) -> None:
    for number in range(20):
        witness.see(AREA, f"note {number}")
    assert [each.name for each in (tmp_path / "checkpoints").iterdir()] == [AREA]
    assert witness.held(AREA) == "note 19"
