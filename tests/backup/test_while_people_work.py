"""Real processes write while backups are made; and backups and restores that are killed."""

from __future__ import annotations

import os
import pickle
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from portal.cli.restore import Known, bring_back
from portal.journeys.giving.take_back import take_back
from portal.journeys.running.back_up import Made
from tests.backup.installation import Installation, put_back
from tests.crash.dying import ROOT, Job
from tests.staging import Stage, Template
from tests.world import START, cast, server_keys

ROUNDS = 6


def send_and_take_back(stage: Stage) -> None:
    """What a busy unit does, over and over: new papers, new wraps, and their end."""
    for _ in range(ROUNDS):
        sent = stage.send()
        helen = stage.world.who("helen")
        take_back(stage.house, helen, sent.sending.id, "Sent too early.")


@pytest.mark.timeout(300)
def test_while_somebody_sends_every_backup_is_whole(
    at: Installation, staged: Template, tmp_path: Path
) -> None:
    act = (send_and_take_back.__module__, send_and_take_back.__name__)
    job = Job(dict(cast()), server_keys(), staged, at.folder, act, None, None)
    writer = subprocess.Popen(
        [sys.executable, "-m", "tests.crash.child"], stdin=subprocess.PIPE, cwd=ROOT
    )
    assert writer.stdin is not None
    pickle.dump(job, writer.stdin)
    writer.stdin.close()
    made: list[Made] = []
    while writer.poll() is None:
        made.append(at.back_up(tmp_path / "backups"))
    assert writer.returncode == 0
    made.append(at.back_up(tmp_path / "backups"))
    lines = [each.contents.lines for each in made]
    assert lines == sorted(lines)
    grew = sum(len(made[i].contents.payloads) < len(made[i + 1].contents.payloads)
               for i in range(len(made) - 1))  # fmt: skip
    assert grew > 1, "nothing was written meanwhile"
    for number, each in enumerate(made):
        assert each.contents.missing == ()
        if number % 3 == 0 or each is made[-1]:
            stage, _ = put_back(at, each, tmp_path / f"bare-{number}")
            stage.whole()
            stage.house.engine.dispose()


def dies(work: Callable[[], object], at: int) -> bool:
    """Run it in a process of its own, killed as it makes, renames or removes its `at`-th file or
    folder; False where it had fewer."""
    child = os.fork()
    if child == 0:
        count = -1

        def audited(name: str, arguments: tuple[Any, ...]) -> None:
            nonlocal count
            made = name == "open" and isinstance(arguments[2], int) and arguments[2] & os.O_CREAT
            if made or name in ("os.rename", "os.mkdir", "os.remove", "sqlite3.connect"):
                count += 1
                if count == at:
                    os.kill(os.getpid(), signal.SIGKILL)

        try:
            sys.addaudithook(audited)
            work()
        except BaseException:
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return os.WIFSIGNALED(status)


@pytest.mark.timeout(300)
def test_a_backup_that_is_killed_leaves_none_or_a_whole_one(
    at: Installation, tmp_path: Path
) -> None:
    to = tmp_path / "backups"
    at.stage.house.engine.dispose()
    point = whole = 0
    while dies(lambda: at.back_up(to), point):
        point += 1
        for folder in to.glob("portal-*"):
            whole += 1
            keys = to / "keys" / f"{folder.name}-keys.age"
            data = tmp_path / f"bare-{whole}"
            bring_back(folder, keys, at.kit, data, Known(), None, at.stage.world.clock)
            keys.unlink()
            shutil.rmtree(folder)
    assert point > 20
    at.stage.whole()
    # The next one removes what was broken off.
    made = at.back_up(to)
    assert list(to.rglob(".*")) == []
    assert made.folder.exists()


@pytest.mark.timeout(300)
def test_a_restore_that_is_killed_leaves_nothing_or_all(at: Installation, tmp_path: Path) -> None:
    made = at.back_up(tmp_path / "backups")
    at.stage.house.engine.dispose()
    data = tmp_path / "bare"

    def restore() -> None:
        bring_back(made.folder, made.keys, at.kit, data, Known(), None, at.stage.world.clock)

    point = 0
    while dies(restore, point):
        assert not data.exists(), point
        point += 1
    assert point > 20
    stage, _ = put_back(at, made, tmp_path / "again")
    stage.whole()
    assert data.exists()
    assert stage.world.clock.now() > START
