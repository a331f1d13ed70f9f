"""Processes that die at a chosen write, and what their disk looks like afterwards.

A write is a statement that changes the database (its BEGIN and COMMIT too) or a file of the store
that is made, renamed or removed. `every_disk` runs an act once, in a process of its own, and
copies the folder just before each write: that is what a process killed there leaves behind, since
what it wrote is in the files and its locks go with it. `killed` really kills one.
"""

from __future__ import annotations

import pickle
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from portal.crypto.serverkeys import ServerKeys
from portal.storage.filesystem import FilesystemStore
from tests import staging
from tests.staging import Stage, Template
from tests.world import START, Secrets, cast, server_keys

Act = Callable[[Stage], object]
ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Job:
    """What a process is to do: `act` by its names; copy the folder at each write `into` a place,
    or die at one of them."""

    secrets: dict[str, Secrets]
    keys: ServerKeys
    template: Template
    folder: Path
    act: tuple[str, str]
    into: Path | None
    dies_at: int | None


def prepare(template: Template, folder: Path) -> None:
    """The staged meeting in a folder: its database and, beside it, its sealed papers as files."""
    (folder / "papers").mkdir(mode=0o700, parents=True)
    for name, body in template.sealed.items():
        place = folder / "papers" / name[:2]
        place.mkdir(mode=0o700, exist_ok=True)
        (place / name).write_bytes(body)
        (place / name).chmod(0o600)
    shutil.copyfile(template.file, folder / "portal.db")


def stage_in(template: Template, folder: Path, minutes: int = 0) -> Stage:
    """The stage as it lies in a folder, `minutes` after the start."""
    stage = staging.stage_in(template, folder)
    house = replace(stage.house, store=FilesystemStore(folder / "papers"))
    stage.house = stage.world.house = house
    stage.world.clock.set(START + timedelta(minutes=minutes))
    return stage


def every_disk(template: Template, folder: Path, act: Act, into: Path) -> list[Path]:
    """The folder just before each write of `act`, in their order, and as it is at the end."""
    into.mkdir()
    assert _run(template, folder, act, into=into) == 0
    shutil.copytree(folder, into / "end")
    return sorted(into.iterdir())


def killed(template: Template, folder: Path, act: Act, at: int) -> bool:
    """Run `act` in `folder` and kill it at its `at`-th write; False where it had fewer."""
    return _run(template, folder, act, dies_at=at) == -signal.SIGKILL


def _run(
    template: Template,
    folder: Path,
    act: Act,
    *,
    into: Path | None = None,
    dies_at: int | None = None,
) -> int:
    names = (act.__module__, act.__name__)
    job = Job(dict(cast()), server_keys(), template, folder, names, into, dies_at)
    command = [sys.executable, "-m", "tests.crash.child"]
    return subprocess.run(command, input=pickle.dumps(job), cwd=ROOT, check=False).returncode
