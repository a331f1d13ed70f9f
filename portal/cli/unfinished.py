"""A `portal init` that was broken off: said clearly, and thrown away only when that is asked for.

A mark stands in the data folder from the first key to the last step. While it stands nothing in the
folder can hold anybody's paper, for nobody has joined; so it may go, and nothing else may.
"""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import click

MARK = "init.begun"
_LEFT = ("keys", "papers", "recovery-kit", "mail", "portal.env")


def begun(data: Path) -> None:
    """Set the mark."""
    (data / MARK).touch(mode=0o600)


def done(data: Path) -> None:
    """Take the mark away: all is done, or nothing that matters was begun."""
    (data / MARK).unlink(missing_ok=True)


def refuse_files(sheets: Path | None, *files: Path | None) -> None:
    """Raise ClickException where a file to be written once is there from an earlier try."""
    there = [*(sheets.glob("custodian-*.txt") if sheets is not None else ())]
    there += [file for file in files if file is not None and file.exists()]
    if there:
        raise click.ClickException(
            f"{min(there)} is there from an earlier try. Nothing is ever written over: destroy it "
            "first. It belongs to keys that open nothing, unless that try ended well."
        )


def settle(data: Path, *, again: bool) -> None:
    """Where an earlier try was broken off: throw it away if `again`, and say so if not.

    Raises ClickException; also where it is no longer true that nobody has joined.
    """
    if not (data / MARK).exists():
        return
    if not again:
        raise click.ClickException(
            f"An earlier portal init in {data} was broken off. It cannot go on where it stopped: "
            "its recovery kit was shown once. Nobody has joined and it holds nothing. Destroy its "
            "sheets and codes, then run the same command with --begin-again."
        )
    if _anybody_joined(data / "portal.db"):
        raise click.ClickException(
            f"Somebody has joined in {data}, so nothing is thrown away. The last step was all that "
            f"was missing: remove {data / MARK} and start the portal."
        )
    for name in _LEFT:
        path = data / name
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    for path in data.glob("portal.db*"):
        path.unlink()
    done(data)


def _anybody_joined(database: Path) -> bool:
    """Whether a key was confirmed: from then on there is somebody who holds the unit's key."""
    if not database.is_file():
        return False
    with closing(sqlite3.connect(database)) as db:
        try:
            return db.execute("SELECT 1 FROM confirmations LIMIT 1").fetchone() is not None
        except sqlite3.OperationalError:
            return False
