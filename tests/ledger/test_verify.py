"""Every kind of edit to the stored ledger is found, and named by its first bad line."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import Connection, Engine, create_engine, delete, insert, update

from portal.ledger import book, leaf, tree, verify
from portal.ledger.errors import NoteRefused
from portal.ledger.tables import (
    ledger_checkpoints,
    ledger_entries,
    ledger_heads,
    ledger_metadata,
    ledger_nodes,
)
from tests.ledger.edits import EDITS, OTHER, apply
from tests.ledger.writing import (
    AREA,
    COMMITS,
    SIGNER,
    STRANGER,
    a_leaf,
    at,
    commit_of,
    drop_triggers,
    write_all,
)

FORGED = leaf.encode({"deed": "paper.opened", "at": leaf.moment(at(7)), "grant": "another"})


def forge(conn: Connection, leaves: list[bytes], first: int = 0) -> None:
    """Rewrite lines, tree and head as one whole, as only the signing key could not be."""
    area = {"area_id": AREA}
    conn.execute(delete(ledger_entries))
    conn.execute(delete(ledger_nodes))
    stored: dict[tree.Coordinate, bytes] = {}
    for size, each in enumerate(leaves):
        hashed = tree.leaf_hash(each)
        deed, named = leaf.particulars(each)
        row = {"leaf": each, "leaf_hash": hashed, "deed": deed}
        when = leaf.read_moment(named)
        conn.execute(insert(ledger_entries).values(position=size, recorded_at=when, **row, **area))
        for level, position, node in tree.new_nodes(size, hashed, lambda *it: stored[it]):
            stored[level, position] = node
            values = {"level": level, "position": position, "hash": node}
            conn.execute(insert(ledger_nodes).values(**values, **area))
    root = tree.root(len(leaves), lambda *it: stored[it])
    conn.execute(update(ledger_heads).values(size=len(leaves), root=root))


def test_a_whole_ledger_is_found_whole(written: Engine) -> None:
    with written.begin() as conn:
        found = verify.audit(conn, AREA, SIGNER.vkey)
        head = book.head(conn, AREA)
    assert found == verify.Audit(21, head.root, None, None, len(COMMITS) + 1)


def test_an_empty_ledger_is_found_whole(engine: Engine) -> None:
    with engine.begin() as conn:
        book.open_book(conn, AREA, SIGNER)
        found = verify.audit(conn, AREA, SIGNER.vkey)
        assert found == verify.Audit(0, tree.EMPTY_ROOT, None, None, 1)
        drop_triggers(conn)
        conn.execute(delete(ledger_checkpoints))
        assert verify.audit(conn, AREA, SIGNER.vkey).first_bad == 0


def test_every_edit_is_found_and_named_by_its_first_bad_line(written: Engine) -> None:
    with written.begin() as conn:
        drop_triggers(conn)
    for edit in EDITS:
        with written.connect() as conn:
            apply(conn, edit)
            found = verify.audit(conn, AREA, SIGNER.vkey)
            assert found.first_bad == edit.index, (edit.name, found)
            assert edit.says in (found.what or ""), (edit.name, found)
    with written.begin() as conn:
        assert verify.audit(conn, AREA, SIGNER.vkey).what is None


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("leaf", "'text'"), ("leaf", "5"), ("leaf_hash", "'text'"), ("deed", "x'00'"),
        ("recorded_at", "7"), ("recorded_at", "x'00'"), ("position", "'seven'"),
        ("position", "7.5"),
    ],
)  # fmt: skip
def test_values_of_another_kind_do_not_stop_the_audit(
    sqlite: Engine, column: str, value: str
) -> None:
    with sqlite.begin() as conn:
        write_all(conn)
        drop_triggers(conn)
        conn.exec_driver_sql(f"UPDATE ledger_entries SET {column} = {value} WHERE position = 7")
        assert verify.audit(conn, AREA, SIGNER.vkey).first_bad == 7


@pytest.mark.parametrize(
    ("table", "column"),
    [("nodes", "hash"), ("checkpoints", "note"), ("heads", "size"), ("heads", "root")],
)
@pytest.mark.parametrize("value", ["'text'", "5.5", "x'00ff'"])
def test_other_tables_with_values_of_another_kind_are_found(
    sqlite: Engine, table: str, column: str, value: str
) -> None:
    with sqlite.begin() as conn:
        write_all(conn)
        drop_triggers(conn)
        conn.exec_driver_sql(f"UPDATE ledger_{table} SET {column} = {value}")
        assert verify.audit(conn, AREA, SIGNER.vkey).first_bad is not None


@pytest.mark.parametrize(("line", "named"), [(0, 0), (1, 1), (7, 6), (14, 10), (20, 15)])
def test_a_forger_of_everything_but_the_signature_is_found(
    written: Engine, line: int, named: int
) -> None:
    leaves = [a_leaf(number) for number in range(21)]
    leaves[line] = FORGED
    with written.begin() as conn:
        drop_triggers(conn)
        forge(conn, leaves)
        found = verify.audit(conn, AREA, SIGNER.vkey)
    assert found.first_bad == named
    assert f"lines from {named} on" in (found.what or "")


def test_a_forger_with_another_key_is_found(written: Engine) -> None:
    with written.begin() as conn:
        drop_triggers(conn)
        for table in ledger_metadata.tables.values():
            conn.execute(delete(table))
        book.open_book(conn, AREA, STRANGER)
        commit_of(conn, range(21), STRANGER)
        assert verify.audit(conn, AREA, SIGNER.vkey).first_bad == 0


def test_lines_added_without_the_key_are_found(written: Engine) -> None:
    with written.begin() as conn:
        drop_triggers(conn)
        forge(conn, [a_leaf(number) for number in range(24)])
        found = verify.audit(conn, AREA, SIGNER.vkey)
    assert found.first_bad == 21
    assert "no signed checkpoint covers" in (found.what or "")


@pytest.mark.parametrize("kept", [20, 15, 11, 1, 0])
def test_a_cut_tail_is_found_by_the_checkpoints_that_stay(written: Engine, kept: int) -> None:
    with written.begin() as conn:
        drop_triggers(conn)
        forge(conn, [a_leaf(number) for number in range(kept)])
        found = verify.audit(conn, AREA, SIGNER.vkey)
    assert found.first_bad == kept
    assert f"counts 21 lines; the ledger has {kept}" in (found.what or "")


def test_a_ledger_put_back_whole_is_seen_by_a_witness_alone(written: Engine) -> None:
    with written.begin() as conn:
        witnessed = book.newest_checkpoint(conn, AREA)
        drop_triggers(conn)
        forge(conn, [a_leaf(number) for number in range(15)])
        conn.execute(delete(ledger_checkpoints).where(ledger_checkpoints.c.size > 15))
        assert verify.audit(conn, AREA, SIGNER.vkey).what is None
        found = verify.audit(conn, AREA, SIGNER.vkey, witnessed=[witnessed])
        assert (found.first_bad, found.size) == (15, 15)
        commit_of(conn, range(30, 40))
        found = verify.audit(conn, AREA, SIGNER.vkey, witnessed=[witnessed])
        assert found.first_bad == 15
        assert "those that the checkpoint of 21 lines signed" in (found.what or "")


def test_a_witness_who_saw_the_same_is_content(written: Engine) -> None:
    with written.begin() as conn:
        witnessed = [book.newest_checkpoint(conn, AREA)]
        commit_of(conn, range(21, 30))
        witnessed.append(book.newest_checkpoint(conn, AREA))
        assert verify.audit(conn, AREA, SIGNER.vkey, witnessed=witnessed).what is None


@pytest.mark.parametrize("witnessed", ["", "text\n", STRANGER.sign(21, OTHER)])
def test_what_a_witness_cannot_have_seen_says_nothing(sqlite: Engine, witnessed: str) -> None:
    with sqlite.begin() as conn, pytest.raises(NoteRefused):
        verify.audit(conn, AREA, SIGNER.vkey, witnessed=[witnessed])


@pytest.mark.parametrize("keys", [(), ("",), ("rubbish",), (SIGNER.vkey + "x",)])
def test_an_audit_needs_a_key(sqlite: Engine, keys: tuple[str, ...]) -> None:
    with sqlite.begin() as conn, pytest.raises(NoteRefused):
        verify.audit(conn, AREA, *keys)


def test_lines_appended_during_the_audit_wait_for_the_next(written: Engine) -> None:
    busy = written.dialect.name == "postgresql"
    other = create_engine(written.url) if busy else written
    with written.begin() as conn:
        found = verify.audit(conn, AREA, SIGNER.vkey)
        if busy:
            with other.begin() as writer:
                commit_of(writer, range(21, 25))
            assert verify.audit(conn, AREA, SIGNER.vkey).size == 25
    assert found.what is None
    other.dispose()


def test_more_lines_than_one_batch_are_audited(sqlite: Engine) -> None:
    with sqlite.begin() as conn:
        total = write_all(conn, [511, 1, 1, 511, 200])
        found = verify.audit(conn, AREA, SIGNER.vkey)
        assert (found.size, found.what, found.checkpoints_checked) == (total, None, 6)
        drop_triggers(conn)
        for line in (511, 512, 1023, 1024, total - 1):
            with conn.begin_nested() as nested:
                conn.execute(
                    update(ledger_entries)
                    .where(ledger_entries.c.position == line)
                    .values(leaf=b"x")
                )
                assert verify.audit(conn, AREA, SIGNER.vkey).first_bad == line
                nested.rollback()


def test_the_export_holds_every_line_and_checkpoint_where_it_stands(written: Engine) -> None:
    with written.begin() as conn:
        lines = [json.loads(line) for line in verify.export(conn, AREA)]
    entries = [line for line in lines if "leaf" in line]
    assert [line["leaf"].encode() for line in entries] == [a_leaf(each) for each in range(21)]
    assert all(tree.leaf_hash(line["leaf"].encode()).hex() == line["leaf_hash"] for line in entries)
    counted, sizes = 0, []
    for line in lines:
        if "checkpoint" in line:
            assert line["checkpoint"] == counted
            assert f"\n{counted}\n" in line["note"]
            sizes.append(counted)
        else:
            assert line["position"] == counted
            counted += 1
    assert sizes == [0, 1, 3, 6, 10, 15, 21]
