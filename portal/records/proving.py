"""Factors that count for nothing until they were tried: proved once, dropped, forgotten.

For tables with a row's `id`, its `person_id`, when it was `made_at` and when `proved_at`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from sqlalchemy import ColumnElement, Connection, Table

from portal.domain.ids import AccountId
from portal.records.schema import change, remove


class Provable(Protocol):
    """A row of such a table."""

    @property
    def id(self) -> str: ...


def prove(db: Connection, table: Table, row: Provable, *kept: str) -> bool:
    """Keep the row as proved, with these of its fields as they are now. False when it was proved
    already, or is gone: of any number of parallel tries, one wins."""
    values = {name: getattr(row, name) for name in (*kept, "proved_at")}
    return change(db, table, table.c.id == row.id, table.c.proved_at.is_(None), **values) == 1


def drop(db: Connection, table: Table, person_id: AccountId, row_id: str) -> bool:
    """False where this person has none like that."""
    return remove(db, table, table.c.id == row_id, table.c.person_id == person_id) == 1


def drop_unproved(db: Connection, table: Table, person_id: AccountId) -> int:
    return remove(db, table, table.c.person_id == person_id, table.c.proved_at.is_(None))


def sweep_unproved(
    db: Connection, table: Table, before: datetime, *where: ColumnElement[bool]
) -> int:
    """Forget what nobody has proved."""
    return remove(db, table, table.c.proved_at.is_(None), table.c.made_at < before, *where)
