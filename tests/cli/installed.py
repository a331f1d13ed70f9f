"""Running the portal's commands, and an installation that `portal init` made by itself."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from click.testing import CliRunner, Result

from portal.cli import main

PASSPHRASE = "lantern quarry mostly velvet oxbow"
ANSWERS = {
    "--base-url": "http://localhost:8000",
    "--area": "Northmere",
    "--title": "MAPPA Co-ordinator",
    "--phone": "01632 960 000",
    "--unit-email": "unit@northmere.example",
    "--host-agency": "Probation Service",
    "--secure-way": "CJSM",
    "--name": "Helen Marsh",
    "--email": "helen@northmere.example",
    "--job": "Co-ordinator",
    "--own-phone": "01632 960 001",
    "--custodians": "3",
    "--needed": "2",
}


@dataclass(frozen=True)
class Installed:
    """Folders of one try: `data` is the installation; the rest leaves the machine."""

    data: Path
    sheets: Path
    secret: Path
    codes: Path


def places(folder: Path) -> Installed:
    return Installed(folder / "data", folder / "sheets", folder / "secret", folder / "codes")


def run(*words: str | Path, **env: str) -> Result:
    """One command, with nothing of the environment but what is given."""
    clean: dict[str, str | None] = {name: None for name in os.environ if name.startswith("PORTAL_")}
    mask = os.umask(0o022)
    try:
        return CliRunner().invoke(main, [str(word) for word in words], env=clean | env)
    finally:
        os.umask(mask)


def init(at: Installed, *more: str | Path, **changed: str) -> Result:
    """`portal init` with every question answered by an option; `changed` replaces answers."""
    answers = ANSWERS | {f"--{name.replace('_', '-')}": value for name, value in changed.items()}
    file = at.data.parent / "passphrase"
    if not file.exists():
        file.write_text(PASSPHRASE + "\n")
    words: list[str | Path] = ["init", "--data", at.data, "--trial"]
    for option, value in answers.items():
        words += [option, value]
    words += ["--custodian-sheets", at.sheets, "--passphrase-file", file]
    words += ["--secret-file", at.secret, "--codes-file", at.codes]
    if "--read-back" not in more:
        words += ["--read-back", at.sheets]
    return run(*words, *more)


def process(words: Sequence[str | Path], **options: object) -> subprocess.Popen[str]:
    """The command in a process of its own."""
    env = {k: v for k, v in os.environ.items() if not k.startswith("PORTAL_")}
    env |= {"PYTHONUNBUFFERED": "1"}
    return subprocess.Popen(
        [sys.executable, "-m", "portal", *map(str, words)],
        env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        cwd=Path(__file__).resolve().parents[2],
    )  # fmt: skip
