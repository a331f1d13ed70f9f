"""The recovery kit's folder in the data folder, and the new kit that takes its place.

The new kit's files are written beside it before the record says that the new kit counts, and the
folders change places after. Killed between the two, the next command that needs the kit finishes
it: which one counts is what the record says, never what lies where.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import click

from portal.cli.ceremony import backup_key
from portal.crypto.fingerprint import fingerprint
from portal.domain.backups import KIT
from portal.journeys.house import House
from portal.journeys.running.drill_kit import counts

NEW = "recovery-kit-new"
OLD = "recovery-kit-old"


def begin(data: Path) -> Path:
    """An empty folder for a new kit; what an earlier try left behind is removed."""
    shutil.rmtree(data / NEW, ignore_errors=True)
    return data / NEW


def forget(data: Path) -> None:
    """The new kit's files go: it does not count."""
    shutil.rmtree(data / NEW, ignore_errors=True)


def settled(house: House, data: Path) -> Path:
    """The folder of the kit that counts, where it lies here, after finishing what was broken off.

    A kit that somebody is being given at this moment does not count yet, and stays.
    """
    kit, old, new = data / KIT, data / OLD, data / NEW / KIT
    if _counts(house, new):
        shutil.rmtree(old, ignore_errors=True)
        if kit.is_dir():
            kit.rename(old)
        new.rename(kit)
        new.parent.rmdir()
    if kit.is_dir():
        shutil.rmtree(old, ignore_errors=True)
    return kit


def _counts(house: House, folder: Path) -> bool:
    try:
        return counts(house, fingerprint(backup_key(folder), b""))
    except click.ClickException:
        return False
