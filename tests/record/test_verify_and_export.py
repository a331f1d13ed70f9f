"""The proof names what was changed; the export can be checked with no portal."""

from __future__ import annotations

import hashlib
import json
import sqlite3

import pytest

from portal.journeys.record.export_record import export_record
from portal.journeys.record.verify_record import verify_record
from portal.ledger.checkpoint import open_checkpoint
from portal.ledger.tree import leaf_hash
from tests.staging import Stage
from tests.world import World


def edit(world: World, *statements: str) -> None:
    """As the owner of the database: the triggers are dropped first."""
    with sqlite3.connect(world.folder / "portal.db") as db:
        triggers = db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for (name,) in triggers:
            db.execute(f'DROP TRIGGER "{name}"')
        for statement in statements:
            assert db.execute(statement).rowcount > 0
    db.close()


def test_an_untouched_record_is_whole(world: World) -> None:
    found = verify_record(world.house, world.who("sian"))
    assert found.whole
    head = open_checkpoint(
        found.checkpoint,
        world.house.signer(world.area.id).known,
        "localhost/ledger/" + world.area.id,
    )
    assert (head.size, head.root) == (found.audit.size, found.audit.root)


@pytest.mark.parametrize(
    ("statement", "first_bad"),
    [
        ("UPDATE ledger_entries SET leaf = replace(leaf, 'key', 'kex') WHERE position = 7", 7),
        ("UPDATE ledger_entries SET deed = 'pack.sent' WHERE position = 7", 7),
        ("DELETE FROM ledger_entries WHERE position = 7", 7),
        ("UPDATE ledger_nodes SET hash = zeroblob(32) WHERE level = 0 AND position = 7", 7),
    ],
)
def test_an_edit_is_named(world: World, statement: str, first_bad: int) -> None:
    edit(world, statement)
    found = verify_record(world.house, world.who("sian"))
    assert not found.whole
    assert found.audit.first_bad == first_bad


def test_another_key_in_the_row_of_the_area_is_seen(world: World) -> None:
    edit(world, "UPDATE areas SET ledger_vkey = 'localhost+00000000+AAAA'")
    found = verify_record(world.house, world.who("sian"))
    assert found.audit.first_bad is None
    assert not found.same_key
    assert not found.whole


def test_the_export_can_be_hashed_again_and_its_checkpoints_checked(stage: Stage) -> None:
    stage.arrange()
    stage.send()
    exported = b"".join(export_record(stage.house, stage.world.who("sian")))
    rows = [json.loads(line) for line in exported.splitlines()]
    leaves = [row for row in rows if "leaf" in row]
    notes = [row for row in rows if "note" in row]
    assert [row["position"] for row in leaves] == list(range(len(leaves)))
    for row in leaves:
        assert leaf_hash(row["leaf"].encode()).hex() == row["leaf_hash"]
        assert hashlib.sha256(b"\0" + row["leaf"].encode()).hexdigest() == row["leaf_hash"]
    signer = stage.house.signer(stage.world.area.id)
    sizes = [open_checkpoint(row["note"], signer.known, signer.origin).size for row in notes]
    assert sizes[-1] == len(leaves)
    assert json.loads(leaves[-1]["leaf"])["deed"] == "record.read"


def test_the_export_names_nobody(stage: Stage) -> None:
    """Neither the individual, nor people, nor a reason, nor a file."""
    stage.arrange()
    stage.send()
    exported = b"".join(export_record(stage.house, stage.world.who("sian"))).decode()
    for canary in ("Wilfred", "Crane", "1984-03-09", "Works with the individual", "Joe Tarn",
                   "northmere.example", "strategy meeting", "NMR/26/0117"):  # fmt: skip
        assert canary not in exported


def test_an_export_that_is_not_read_to_its_end_locks_nothing(stage: Stage) -> None:
    lines = export_record(stage.house, stage.world.who("sian"))
    next(lines)
    stage.world.begin("joe")
    lines.close()  # type: ignore[attr-defined]
    stage.world.begin("ruth")
