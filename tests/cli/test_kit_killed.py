"""`portal kit renew`, killed with -9 at each step: one kit counts afterwards, and is in place."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.installed import Installed
from tests.cli.test_backup import back_up
from tests.cli.test_kit import kit, lines

KILLED = """
import os, pathlib, signal, sys
from portal.cli import kit, kit_folder
from portal.cli import main
from portal.crypto.kit import make_kit
step = int(sys.argv.pop(1))
def die(*_): os.kill(os.getpid(), signal.SIGKILL)
if step == 0:    # The new files are written and read back; no line yet.
    kit.renew_kit = lambda house, area, unit, needed, held, hand_out, former: (
        hand_out(make_kit(unit, needed, held)), die())
else:            # The line is left; `step - 1` moves were made.
    rename, moved = pathlib.Path.rename, []
    def move(self, to):
        if len(moved) == step - 1: die()
        moved.append(to)
        return rename(self, to)
    settled, seen = kit_folder.settled, []
    def once(house, data):
        seen.append(data)
        if len(seen) == 2: pathlib.Path.rename = move
        found = settled(house, data)
        if len(seen) == 2: die()
        return found
    kit_folder.settled = once
main()
"""


def killed_at(step: int, at: Installed, new: Path) -> None:
    words = ["kit", "renew", "--data", at.data, "--custodian-sheets", at.sheets,
             "--custodians", "3", "--needed", "2", "--new-sheets", new,
             "--read-back", new]  # fmt: skip
    env = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")}
    ended = subprocess.run(
        [sys.executable, "-c", KILLED, str(step), *map(str, words)],
        env=env, cwd=Path(__file__).resolve().parents[2], capture_output=True, timeout=60,
    )  # fmt: skip
    assert ended.returncode == -signal.SIGKILL, ended.stderr.decode()


@pytest.fixture
def held(made: Installed, installed: Installed) -> Installed:
    shutil.copytree(made.sheets, installed.sheets)
    return installed


def test_before_its_line_the_old_kit_goes_on(held: Installed, tmp_path: Path) -> None:
    killed_at(0, held, tmp_path / "new")
    assert len(lines(held, "kit.read_back")) == 1
    assert (held.data / "recovery-kit-new").is_dir()
    assert kit("drill", held).exit_code == 0
    back_up(held, tmp_path / "backups")
    again = tmp_path / "again"
    words = ["--custodians", "3", "--needed", "2", "--new-sheets", again, "--read-back", again]
    assert kit("renew", held, *words).exit_code == 0
    assert not (held.data / "recovery-kit-new").exists()


@pytest.mark.parametrize("first", ["drill", "backup"])
@pytest.mark.parametrize("step", [1, 2, 3])
def test_after_its_line_the_next_command_puts_the_new_kit_in_place(
    held: Installed, tmp_path: Path, step: int, first: str
) -> None:
    """Killed before, between and after the two moves."""
    new = tmp_path / "new"
    killed_at(step, held, new)
    assert len(lines(held, "kit.read_back")) == 2
    renewed = Installed(held.data, new, held.secret, held.codes)
    if first == "backup":
        back_up(renewed, tmp_path / "backups")
    else:
        assert kit("drill", renewed).exit_code == 0
    assert {path.name for path in held.data.glob("recovery-kit*")} == {"recovery-kit"}
    refused = kit("drill", held)
    assert "too few, or of another kit" in refused.output


def test_files_that_the_record_does_not_name_never_take_its_place(
    held: Installed, tmp_path: Path
) -> None:
    """Whoever writes the data folder puts a kit of their own beside it."""
    own = tmp_path / "own"
    killed_at(0, held, own)
    mine = held.data / "recovery-kit-new" / "recovery-kit"
    before = {path.name: path.read_bytes() for path in (held.data / "recovery-kit").iterdir()}
    for _ in range(2):
        assert kit("drill", held).exit_code == 0
    assert mine.is_dir()
    now = {path.name: path.read_bytes() for path in (held.data / "recovery-kit").iterdir()}
    assert now == before
