"""Puts a whole database back to what it was before something was done, as by hand."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from portal.journeys.house import House


def put_back_after(house: House, folder: Path, deed: Callable[[], object]) -> None:
    """Do it, and let the database know nothing of it; everything else stays as it is now."""
    live, before = Path(str(house.engine.url.database)), folder / "before.db"
    _copy(live, before)
    deed()
    _copy(before, live)


def _copy(source: Path, into: Path) -> None:
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(into)) as new:
        old.backup(new)
