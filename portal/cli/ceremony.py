"""The recovery kit at `portal init`: handed out to custodians, and read back from their sheets.

The kit's files are not secret and stay in the data folder (copies go to every custodian). Each
custodian's identity is shown once, or written once to a folder that leaves this machine, and is
kept nowhere.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

import click

from portal.crypto.age.errors import AgeError
from portal.crypto.age.hybrid import HybridIdentity, HybridRecipient
from portal.crypto.kit import Kit, Opened, read_back
from portal.crypto.unit import BadUnitKey
from portal.domain.backups import KIT as FOLDER
from portal.domain.backups import KIT_KEY

SHEET = "custodian-{}.txt"
FILES = "unit-key-"


class Ceremony:
    """Hands the kit out and reads it back; `forget` undoes what it wrote beside the sheets."""

    def __init__(
        self, folder: Path, area: str, needed: int, sheets: Path | None, read_back: Path | None
    ) -> None:
        self._folder = folder / FOLDER
        self._area = area
        self._needed = needed
        self._sheets = sheets
        self._read_back = read_back

    def hand_out(self, kit: Kit) -> Sequence[str]:
        """Give the kit out; returns the identities that came back from the sheets."""
        self.keep_files(kit)
        count = len(kit.identities)
        click.echo(f"\nRecovery kit: any {self._needed} of {count} custodians together can recover")
        click.echo(f"the papers of {self._area}. Its files are in {self._folder}; give a copy of")
        click.echo("that folder to every custodian. The sheets are secret, one for each custodian.")
        for number, identity in enumerate(kit.identities, 1):
            self._give_sheet(number, count, identity)
        click.echo("\nNow the kit is read back: nothing is opened before it has been seen to work.")
        return typed_back(self._needed, self._read_back)

    def forget(self) -> None:
        """Remove the kit's files: they are of a key that opens nothing."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def keep_files(self, kit: Kit) -> None:
        """Keep what is not secret: the files for the custodians, and the public key."""
        self.forget()
        self._folder.mkdir(mode=0o700, parents=True)
        for file in kit.files:
            _write(self._folder / file.name, file.body.decode("ascii"))
        _write(self._folder / "READ-ME.txt", kit.instructions)
        _write(self._folder / KIT_KEY, f"{HybridRecipient(kit.backup_key)}\n")

    def _give_sheet(self, number: int, count: int, identity: str) -> None:
        head = f"Recovery kit of {self._area}: custodian {number} of {count}"
        if self._sheets is not None:
            self._sheets.mkdir(mode=0o700, parents=True, exist_ok=True)
            path = self._sheets / SHEET.format(number)
            _write(path, f"# {head}. Keep this secret and safe, on paper.\n{identity}\n")
            click.echo(f"Written once: {path}")
            return
        click.echo(f"\n{head}\n\n{identity}\n")
        click.prompt(
            f"Copy it onto the sheet of custodian {number}. Press Enter when they hold it",
            default="",
            show_default=False,
        )
        click.clear()


def typed_back(needed: int, sheets: Path | None) -> list[str]:
    """The identities of `needed` custodians: from a folder of sheets, or asked for one by one.

    Raises ClickException where the folder has too few.
    """
    if sheets is not None:
        return _identities_in(sheets, needed)
    return [_ask(place, needed) for place in range(1, needed + 1)]


def needed_of(kit: Path) -> int:
    """How many custodians a kit's files need: as many as their names have numbers. Raises
    ClickException where there are none."""
    for path in sorted(kit.glob(f"{FILES}*.age")):
        return path.stem.removeprefix(FILES).count("-") + 1
    raise click.ClickException(f"There are no files of a recovery kit in {kit}.")


def open_kit(kit: Path, sheets: Path | None) -> Opened:
    """What the custodians who are present recover from the kit's files. Raises ClickException."""
    needed = needed_of(kit)
    identities = [HybridIdentity(text) for text in typed_back(needed, sheets)]
    try:
        return read_back([path.read_bytes() for path in sorted(kit.glob("*.age"))], identities)
    except (AgeError, BadUnitKey):
        raise click.ClickException(
            "The sheets do not open this recovery kit: they are too few, or of another kit."
        ) from None


def backup_key(kit: Path) -> bytes:
    """The kit's public key for backups, raw. Raises ClickException."""
    try:
        return HybridRecipient((kit / KIT_KEY).read_text("ascii").strip()).raw
    except (OSError, ValueError, AgeError):
        raise click.ClickException(
            f"{kit / KIT_KEY} is missing or damaged. Every custodian has a copy of that folder: "
            "put it back, or make a new kit."
        ) from None


def _ask(place: int, needed: int) -> str:
    while True:
        typed = str(click.prompt(f"Sheet {place} of {needed}, as it was written down"))
        try:
            HybridIdentity("".join(typed.split()))
        except (AgeError, ValueError):
            click.echo("That is not what stands on a sheet: compare it letter by letter.")
            continue
        return "".join(typed.split())


def _identities_in(folder: Path, needed: int) -> list[str]:
    """The identities of the first `needed` sheets in the folder. Raises ClickException."""
    found: list[str] = []
    for path in sorted(folder.glob(SHEET.format("*")))[:needed]:
        lines = path.read_text("ascii").splitlines()
        found += [line.strip() for line in lines if line.startswith("AGE-SECRET-KEY-")]
    if len(found) < needed:
        raise click.ClickException(f"There are not {needed} sheets in {folder}.")
    return found


def _write(path: Path, text: str) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        out.write(text)
        out.flush()
        os.fsync(handle)
