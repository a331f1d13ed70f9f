"""`portal ledger`: whole or not, and where not; a receipt checked with no portal."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from portal.ledger.checkpoint import LedgerSigner
from tests.cli.installed import Installed, run


def edit(at: Installed, *statements: str) -> None:
    """As the owner of the database: the triggers are dropped first."""
    db = sqlite3.connect(at.data / "portal.db")
    for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        db.execute(f'DROP TRIGGER "{name}"')
    for statement in statements:
        before = list(db.iterdump())
        db.execute(statement)
        assert list(db.iterdump()) != before, "an edit that changes nothing shows nothing"
    db.commit()
    db.close()


def key_of(at: Installed) -> str:
    output = run("ledger", "verify", "--data", at.data).output
    return next(line.split()[1] for line in output.splitlines() if line.startswith("Key"))


def leaf(at: Installed, position: int) -> str:
    exported = run("ledger", "export", "--data", at.data).output.splitlines()
    rows = [json.loads(line) for line in exported]
    return str(next(row["leaf"] for row in rows if row.get("position") == position))


def test_whole(made: Installed) -> None:
    result = run("ledger", "verify", "--data", made.data)
    assert result.exit_code == 0
    for words in ("Area        Northmere", "Lines       8", "Root ", "Newest checkpoint:",
                  "The ledger is whole."):  # fmt: skip
        assert words in result.output


@pytest.mark.parametrize(
    ("statement", "first_bad"),
    [
        ("UPDATE ledger_entries SET leaf = replace(leaf, 'person', 'x') WHERE position = 3", 3),
        ("UPDATE ledger_entries SET recorded_at = 'yesterday' WHERE position = 3", 3),
        ("DELETE FROM ledger_entries WHERE position = 3", 3),
        ("DELETE FROM ledger_entries WHERE position = 0", 0),
        ("UPDATE ledger_nodes SET hash = zeroblob(32) WHERE level = 1 AND position = 1", 3),
        ("UPDATE ledger_checkpoints SET note = 'x' || note WHERE size = 8", 7),
        ("UPDATE ledger_heads SET size = 7", 7),
        ("DELETE FROM ledger_heads", 0),
    ],
)  # fmt: skip
def test_an_edit_ends_with_one_and_the_first_bad_line(
    installed: Installed, statement: str, first_bad: int
) -> None:
    edit(installed, statement)
    result = run("ledger", "verify", "--data", installed.data)
    assert result.exit_code == 1
    assert f"NOT WHOLE. The first bad line is {first_bad}:" in result.output
    assert "The ledger is whole" not in result.output


def test_a_cut_tail_shows_against_a_checkpoint_held_elsewhere(
    installed: Installed, tmp_path: Path
) -> None:
    held = tmp_path / "checkpoint"
    db = sqlite3.connect(installed.data / "portal.db")
    held.write_text(
        db.execute("SELECT note FROM ledger_checkpoints WHERE size = 8").fetchone()[0], "utf-8"
    )
    db.close()
    early = tmp_path / "early"
    shutil.copytree(installed.data, early)
    edit(
        Installed(early, early, early, early),
        "DELETE FROM ledger_checkpoints WHERE size = 8",
    )
    whole = ("ledger", "verify", "--data")
    assert run(*whole, installed.data, "--witnessed", held).exit_code == 0
    assert run(*whole, early, "--witnessed", held).exit_code == 1


def copy(source: Path, into: Path) -> None:
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(into)) as new:
        old.backup(new)


def test_a_database_put_back_shows_and_is_gone_on_with_only_by_command(
    installed: Installed, tmp_path: Path
) -> None:
    yesterday = tmp_path / "yesterday.db"
    assert run("ledger", "accept", "--data", installed.data).exit_code == 0
    copy(installed.data / "portal.db", yesterday)
    assert run("clock", "accept", "--yes", "--data", installed.data).exit_code == 0
    assert run("ledger", "verify", "--data", installed.data).exit_code == 0
    copy(yesterday, installed.data / "portal.db")
    found = run("ledger", "verify", "--data", installed.data)
    assert found.exit_code == 1
    assert "NOT WHOLE" in found.output
    assert run("ledger", "accept", "--data", installed.data).exit_code == 1, "nobody said yes"
    assert run("ledger", "verify", "--data", installed.data).exit_code == 1
    assert run("ledger", "accept", "--yes", "--data", installed.data).exit_code == 0
    assert run("ledger", "verify", "--data", installed.data).exit_code == 0


def test_with_a_key_held_elsewhere_no_keys_are_needed(installed: Installed) -> None:
    key = key_of(installed)
    shutil.rmtree(installed.data / "keys")
    assert run("ledger", "verify", "--data", installed.data).exit_code == 1
    assert run("ledger", "verify", "--data", installed.data, "--key", key).exit_code == 0


def test_a_ledger_signed_with_another_key_is_not_whole(installed: Installed) -> None:
    name = key_of(installed).split("+")[0]
    other = LedgerSigner(name, bytes(32)).vkey
    result = run("ledger", "verify", "--data", installed.data, "--key", other)
    assert result.exit_code == 1
    assert "NOT WHOLE" in result.output


def test_a_swapped_key_in_the_areas_row_is_not_whole(installed: Installed) -> None:
    name = key_of(installed).split("+")[0]
    edit(installed, f"UPDATE areas SET ledger_vkey = '{LedgerSigner(name, bytes(32)).vkey}'")
    result = run("ledger", "verify", "--data", installed.data)
    assert result.exit_code == 1
    assert "names another key" in result.output


@pytest.mark.parametrize("area", ["Northmere", "Southmere"])
def test_by_area(made: Installed, area: str) -> None:
    result = run("ledger", "verify", "--data", made.data, "--area", area)
    assert result.exit_code == (0 if area == "Northmere" else 1)


@pytest.mark.parametrize("words", [("verify",), ("export",), ("receipt", "0")])
def test_where_nothing_is_nothing_is_made(tmp_path: Path, words: tuple[str, ...]) -> None:
    result = run("ledger", *words, "--data", tmp_path / "nowhere")
    assert result.exit_code == 1
    assert "There is no database" in result.output
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize("position", range(8))
def test_a_receipt_is_checked_with_no_portal(
    made: Installed, tmp_path: Path, position: int
) -> None:
    receipt, text = tmp_path / "receipt", tmp_path / "leaf"
    receipt.write_text(run("ledger", "receipt", str(position), "--data", made.data).output)
    text.write_text(leaf(made, position) + "\n")
    result = run("ledger", "check", receipt, text, "--key", key_of(made))
    assert result.exit_code == 0
    assert f"Proven: line {position} of " in result.output


def test_a_receipt_proves_no_other_line_and_no_other_ledger(
    made: Installed, tmp_path: Path
) -> None:
    receipt, text = tmp_path / "receipt", tmp_path / "leaf"
    receipt.write_text(run("ledger", "receipt", "2", "--data", made.data).output)
    text.write_text(leaf(made, 2))
    key = key_of(made)
    assert run("ledger", "check", receipt, text, "--key", key).exit_code == 0
    for wrong_leaf in (leaf(made, 3), leaf(made, 2) + " ", leaf(made, 2) + "\n\n", ""):
        text.write_text(wrong_leaf)
        assert run("ledger", "check", receipt, text, "--key", key).exit_code == 1
    text.write_text(leaf(made, 2))
    other = LedgerSigner(key.split("+")[0], bytes(32)).vkey
    for wrong_key in (other, "nonsense", key[:-4] + "AAAA"):
        assert run("ledger", "check", receipt, text, "--key", wrong_key).exit_code == 1
    receipt.write_text(receipt.read_text().replace("index 2", "index 3"))
    assert run("ledger", "check", receipt, text, "--key", key).exit_code == 1
    receipt.write_bytes(b"")
    assert run("ledger", "check", receipt, text, "--key", key).exit_code == 1


def test_no_receipt_of_what_is_not_there(made: Installed) -> None:
    assert run("ledger", "receipt", "8", "--data", made.data).exit_code == 1
    assert run("ledger", "receipt", "--data", made.data, "--", "-1").exit_code == 2


def test_reading_leaves_no_line(made: Installed) -> None:
    run("ledger", "export", "--data", made.data)
    assert "Lines       8" in run("ledger", "verify", "--data", made.data).output
