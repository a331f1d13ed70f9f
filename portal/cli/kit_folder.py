"""The recovery kit's folder, and the new kit that takes its place.

That of the area with which the installation began lies in the data folder itself; each area that
was opened later has a place of its own for its kit.

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
from portal.domain.backups import AREAS, KIT
from portal.journeys.house import House
from portal.journeys.running.drill_kit import counts

NEW = "recovery-kit-new"
OLD = "recovery-kit-old"


def slug(name: str) -> str:
    """The name of an area as a folder's."""
    plain = "".join(c if c.isalnum() else " " for c in name.casefold())
    return "-".join(plain.split())


def place_of(data: Path, area: str | None) -> Path:
    """Where the kit of an area lies; without a name, that of the first. Raises ClickException."""
    if area is None:
        return data
    if not slug(area):
        raise click.ClickException("The area's name needs letters.")
    return data / AREAS / slug(area)


def places_of_others(data: Path) -> list[Path]:
    """Where the kits of the areas lie that were opened after the first."""
    return sorted((data / AREAS).iterdir()) if (data / AREAS).is_dir() else []


def begin(place: Path) -> Path:
    """An empty folder for a new kit; what an earlier try left behind is removed."""
    forget(place)
    return place / NEW


def forget(place: Path) -> None:
    """The new kit's files go: it does not count."""
    shutil.rmtree(place / NEW, ignore_errors=True)


def settled(house: House, place: Path) -> Path:
    """The folder of the kit that counts, where it lies here, after finishing what was broken off.

    A kit that somebody is being given at this moment does not count yet, and stays.
    """
    kit, old, new = place / KIT, place / OLD, place / NEW / KIT
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
