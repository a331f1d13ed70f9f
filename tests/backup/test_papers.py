"""An installation with papers, put back: who could read reads, and what ended stays ended."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from portal.cli.restore import Known
from portal.cli.unpack import BadBackup
from portal.domain.grants import GrantState
from portal.journeys.giving.take_back import take_back
from portal.journeys.running.sweep import sweep
from portal.ledger import book, verify
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import papers, sessions
from portal.records.database import reading
from tests.backup.installation import Installation, put_back
from tests.staging import Stage


def sent(at: Installation) -> None:
    at.stage.send()
    at.stage.accept("ruth", "joe", "mark")


def take_from(stage: Stage, name: str) -> None:
    helen = stage.world.who("helen")
    take_back(stage.house, helen, stage.grant(name).sending_id, "Not theirs.", stage.id(name))


def exported(stage: Stage) -> tuple[str, list[str]]:
    """The newest checkpoint, and the record as it is exported."""
    with reading(stage.house.engine) as db:
        lines = [line.decode() for line in verify.export(db, stage.world.area.id)]
        return book.newest_checkpoint(db, stage.world.area.id), lines


def test_who_could_read_reads(at: Installation, tmp_path: Path) -> None:
    sent(at)
    before = at.stage.opens("ruth")
    made = at.back_up(tmp_path / "backups")
    assert made.contents.missing == ()
    stage, told = put_back(at, made, tmp_path / "bare")
    assert [(each.replayed, each.missing) for each in told] == [(0, 0)]
    stage.whole()
    assert stage.opens("ruth").startswith(b"%PDF")
    assert before.startswith(b"%PDF")
    stage.send()
    stage.whole()


def test_what_was_taken_back_before_stays_so(at: Installation, tmp_path: Path) -> None:
    sent(at)
    take_from(at.stage, "joe")
    stage, _ = put_back(at, at.back_up(tmp_path / "backups"), tmp_path / "bare")
    assert stage.states()["joe"] is GrantState.TAKEN_BACK
    with pytest.raises(Refused):
        stage.opens("joe")
    assert stage.opens("ruth").startswith(b"%PDF")


def test_what_ran_out_meanwhile_stays_shut(at: Installation, tmp_path: Path) -> None:
    sent(at)
    stage, _ = put_back(at, at.back_up(tmp_path / "backups"), tmp_path / "bare")
    stage.world.clock.advance(timedelta(days=200))
    with pytest.raises(Refused) as refused:
        stage.opens("ruth")
    assert refused.value.why is Why.ENDED


def test_what_was_taken_back_after_it_stays_so_where_the_record_comes_back(
    at: Installation, tmp_path: Path
) -> None:
    """The backup's rows say that Joe may read; the line that came back says that he may not."""
    sent(at)
    made = at.back_up(tmp_path / "backups")
    take_from(at.stage, "joe")
    checkpoint, record = exported(at.stage)
    known = Known([checkpoint], [record])
    stage, told = put_back(at, made, tmp_path / "bare", known)
    assert told[0].missing == 0
    assert told[0].replayed > 0
    assert stage.states()["joe"] is GrantState.GRANTED
    with pytest.raises(Refused) as refused:
        stage.opens("joe")
    assert refused.value.why is Why.TAKEN_BACK
    assert stage.opens("ruth").startswith(b"%PDF")
    assert stage.lines("backup.restored")[0]["missing"] == 0
    with reading(stage.house.engine) as db:
        area = stage.world.area
        audit = verify.audit(db, area.id, area.ledger_vkey, witnessed=[checkpoint])
    assert audit.first_bad is None


def test_without_the_record_the_gap_is_said(at: Installation, tmp_path: Path) -> None:
    sent(at)
    made = at.back_up(tmp_path / "backups")
    take_from(at.stage, "joe")
    checkpoint, _ = exported(at.stage)
    with pytest.raises(BadBackup, match="2 more are known"):
        put_back(at, made, tmp_path / "bare", Known([checkpoint]))
    assert not (tmp_path / "bare").exists()
    known = Known([checkpoint], accept_missing=True)
    stage, told = put_back(at, made, tmp_path / "bare", known)
    assert told[0].missing == 2
    assert stage.lines("backup.restored")[0]["missing"] == 2


def test_nobody_is_signed_in_after_it(at: Installation, tmp_path: Path) -> None:
    sent(at)
    with reading(at.stage.house.engine) as db:
        assert db.execute(select(func.count()).select_from(sessions.sessions)).scalar_one()
    made = at.back_up(tmp_path / "backups")
    stage, _ = put_back(at, made, tmp_path / "bare")
    with reading(stage.house.engine) as db:
        assert not db.execute(select(func.count()).select_from(sessions.sessions)).scalar_one()


def test_a_paper_that_is_damaged_in_the_store_is_said_and_the_rest_kept(
    at: Installation, tmp_path: Path
) -> None:
    sent(at)
    with reading(at.stage.house.engine) as db:
        name = min(papers.payload_names(db))
    file = at.folder / "papers" / name[:2] / name
    file.write_bytes(file.read_bytes()[:-1])
    made = at.back_up(tmp_path / "backups")
    assert made.contents.missing == (name,)
    put_back(at, made, tmp_path / "bare")


@pytest.mark.parametrize("what", ["cut", "gone", "swapped"])
def test_a_paper_that_is_damaged_in_the_backup_is_refused(
    at: Installation, tmp_path: Path, what: str
) -> None:
    sent(at)
    made = at.back_up(tmp_path / "backups")
    files = [file for file in (made.folder / "papers").rglob("*") if file.is_file()]
    if what == "cut":
        files[0].write_bytes(files[0].read_bytes()[:-1])
    elif what == "gone":
        files[0].unlink()
    else:
        files[0].write_bytes(files[1].read_bytes())
    with pytest.raises(BadBackup, match="A sealed paper is"):
        put_back(at, made, tmp_path / "bare")
    assert not (tmp_path / "bare").exists()


def test_a_paper_removed_while_it_is_copied(at: Installation, tmp_path: Path) -> None:
    """A row that went with its paper after the snapshot: the snapshot is taken again."""
    sent(at)
    house, folder = at.stage.house, at.folder
    orphan = folder / "papers" / "00" / ("0" * 64)
    orphan.parent.mkdir(exist_ok=True)
    orphan.write_bytes(b"")
    made = at.back_up(tmp_path / "backups")
    # What no row names is not backed up, and what is backed up is named.
    with reading(house.engine) as db:
        assert set(made.contents.payloads) == papers.payload_names(db)
    sweep(house)
