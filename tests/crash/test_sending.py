"""Killed at any write while it sends or takes back: all of it happened, or nothing did."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from sqlalchemy import func, select

from portal.domain.grants import GrantState
from portal.domain.meetings import Presence
from portal.journeys.giving.take_back import take_back
from portal.journeys.running.sweep import ORPHANS_KEPT, sweep
from portal.journeys.views.minutes import minutes_send_page
from portal.records import outbox, papers, sendings, texts
from portal.records.database import reading
from tests.crash.dying import Act, every_disk, killed, prepare, stage_in
from tests.staging import INVITED, WAITING, Stage, Template

CAN_OPEN = set(INVITED) - WAITING


def rows(stage: Stage) -> dict[str, int]:
    """How many of everything that a sending writes."""
    tables = {
        "sendings": sendings.sendings,
        "grants": sendings.grants,
        "headers": papers.headers,
        "manifests": papers.manifests,
        "versions": papers.versions,
        "documents": papers.documents,
        "layouts": sendings.layout_papers,
        "texts": texts.sealed_texts,
    }
    with reading(stage.house.engine) as db:
        return {
            name: db.execute(select(func.count()).select_from(table)).scalar_one()
            for name, table in tables.items()
        }


def letters(stage: Stage, kind: str) -> int:
    with reading(stage.house.engine) as db:
        return sum(each.letter == kind for each in outbox.due(db, stage.world.clock.now(), 1000))


def nothing_is_lost(stage: Stage) -> None:
    """The ledger is whole, grants are wraps, and every payload that a row names is there."""
    stage.whole()
    with reading(stage.house.engine) as db:
        named = papers.payload_names(db)
    assert named <= set(stage.house.store.names())
    for name in named:
        assert stage.house.store.get(name)


def sent_or_not(stage: Stage, before: dict[str, int], deed: str, letter: str) -> bool:
    """Whether all of the sending is there; fails if it is there in part."""
    nothing_is_lost(stage)
    told = stage.lines(deed)
    if not told:
        assert rows(stage) == before
        assert letters(stage, letter) == 0
        return False
    assert len(told) == 1
    now = rows(stage)
    added = {name: now[name] - before[name] for name in now}
    assert added == {
        "sendings": 1, "grants": len(INVITED), "headers": len(CAN_OPEN) + added["manifests"],
        "manifests": len(told[0]["manifests"]), "versions": added["manifests"],
        "documents": added["manifests"], "layouts": added["layouts"], "texts": 1,
    }  # fmt: skip
    assert added["layouts"] > 0
    assert letters(stage, letter) == len(CAN_OPEN)
    return True


def send(stage: Stage) -> None:
    stage.send()


def arranged(stage: Stage) -> None:
    stage.arrange(["F", "update"], kept_back={"joe": ["F"]})


def sent(stage: Stage) -> None:
    arranged(stage)
    stage.send()


def ready_in_part(stage: Stage) -> None:
    stage.minutes_ready(joe=Presence.PART)


def send_minutes(stage: Stage) -> None:
    """Joe, who came for a part, gets all of them, for a reason."""
    page = minutes_send_page(stage.house, stage.world.who("helen"), stage.slot_id)
    stage.send_minutes(parts={"joe": page.whole})


def take_all_back(stage: Stage) -> None:
    take_back(stage.house, stage.world.who("helen"), stage.grant("joe").sending_id, "Wrong case.")


def lying_in(staged: Template, folder: Path, first: Act) -> dict[str, int]:
    prepare(staged, folder)
    stage = stage_in(staged, folder)
    first(stage)
    found = rows(stage)
    stage.house.engine.dispose()
    return found


def again(stage: Stage, send_again: Act) -> None:
    """The next try works, and the sweep leaves no payload that nobody names."""
    send_again(stage)
    nothing_is_lost(stage)
    stage.accept("ruth")
    assert stage.opens("ruth").startswith(b"%PDF")
    sweep(stage.house)
    stage.world.clock.advance(ORPHANS_KEPT)
    sweep(stage.house)
    with reading(stage.house.engine) as db:
        assert set(stage.house.store.names()) == papers.payload_names(db)


SENDINGS = [
    pytest.param(arranged, send, "pack.sent", "pack_sent", id="pack"),
    pytest.param(ready_in_part, send_minutes, "minutes.sent", "minutes_sent", id="minutes"),
]


@pytest.mark.timeout(600)
@pytest.mark.parametrize(("first", "act", "deed", "letter"), SENDINGS)
def test_at_every_write_of_a_sending_all_or_nothing(
    staged: Template, tmp_path: Path, first: Act, act: Act, deed: str, letter: str
) -> None:
    before = lying_in(staged, tmp_path / "here", first)
    disks = every_disk(staged, tmp_path / "here", act, tmp_path / "disks")
    assert len(disks) > 60
    there = []
    for place, disk in enumerate(disks):
        stage = stage_in(staged, disk, minutes=5)
        there.append(sent_or_not(stage, before, deed, letter))
        if not there[-1] and place % 15 == 14:
            again(stage, act)
        stage.house.engine.dispose()
    # From one write on it is there, and stays.
    assert there == sorted(there)
    assert not there[0]
    assert there[-1]


@pytest.mark.timeout(600)
@pytest.mark.parametrize(("first", "act", "deed", "letter"), SENDINGS)
def test_a_process_that_is_really_killed(
    staged: Template, tmp_path: Path, first: Act, act: Act, deed: str, letter: str
) -> None:
    before = lying_in(staged, tmp_path / "here", first)
    disks = every_disk(staged, tmp_path / "here", act, tmp_path / "disks")
    last = len(disks) - 1
    while sent_or_not(stage_in(staged, disks[last], minutes=5), before, deed, letter):
        last -= 1  # what is written after the commit: the checkpoint that was seen
    start = disks[0]
    for at in (0, last // 2, last - 1, last):
        folder = tmp_path / f"killed-{at}"
        shutil.copytree(start, folder)
        assert killed(staged, folder, act, at)
        stage = stage_in(staged, folder, minutes=5)
        assert not sent_or_not(stage, before, deed, letter)
        stage.house.engine.dispose()
    again(stage_in(staged, folder, minutes=10), act)


@pytest.mark.timeout(600)
def test_at_every_write_of_taking_back_all_or_nothing(staged: Template, tmp_path: Path) -> None:
    before = lying_in(staged, tmp_path / "here", sent)
    disks = every_disk(staged, tmp_path / "here", take_all_back, tmp_path / "disks")
    assert len(disks) > 30
    there = []
    for disk in disks:
        stage = stage_in(staged, disk, minutes=5)
        nothing_is_lost(stage)
        states, now = set(stage.states().values()), rows(stage)
        done = bool(stage.lines("access.taken_back"))
        there.append(done)
        assert letters(stage, "pack_taken_back") == (len(CAN_OPEN) if done else 0)
        if done:
            assert states == {GrantState.TAKEN_BACK}
            assert now["headers"] == before["headers"] - len(CAN_OPEN)
        else:
            assert states == {GrantState.GRANTED, GrantState.WAITING}
            assert now == before
            take_all_back(stage)
            assert set(stage.states().values()) == {GrantState.TAKEN_BACK}
        stage.house.engine.dispose()
    assert there == sorted(there)
    assert there[-1]
