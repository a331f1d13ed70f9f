"""When each account was last used, for lists and letters.

Nobody is let in or kept out by these rows: who may sign in is read from the ledger.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, Connection, Table

from portal.domain.ids import AreaId, PersonId
from portal.records.schema import Utc, area_column, change, every, id_column, metadata, put, remove

uses = Table(
    "uses",
    metadata,
    id_column("person_id", primary_key=True),
    area_column(),
    Column("used_at", Utc, nullable=False),
    Column("woken_at", Utc),
    Column("warned_at", Utc),
    Column("told_at", Utc),
)


@dataclass(frozen=True)
class Use:
    """`woken_at`: opened again since. `warned_at`: its owner was told that it is about to close.
    `told_at`: their agency was told that it closed."""

    person_id: PersonId
    area_id: AreaId
    used_at: datetime
    woken_at: datetime | None = None
    warned_at: datetime | None = None
    told_at: datetime | None = None


def save(db: Connection, use: Use) -> None:
    """Replaces what was known of the person: whoever signs in begins anew."""
    put(db, uses, use)


def of_area(db: Connection, area_id: AreaId) -> dict[PersonId, Use]:
    return {use.person_id: use for use in every(db, uses, Use, uses.c.area_id == area_id)}


def note(db: Connection, use: Use, **times: datetime | None) -> None:
    """Set some of the times of a person who has a row, or give them one that has these."""
    where = (uses.c.area_id == use.area_id, uses.c.person_id == use.person_id)
    if not change(db, uses, *where, **times):
        put(db, uses, Use(use.person_id, use.area_id, use.used_at, **times))


def forget(db: Connection, area_id: AreaId, person_id: PersonId) -> None:
    remove(db, uses, uses.c.area_id == area_id, uses.c.person_id == person_id)
