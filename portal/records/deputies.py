"""Who acts as deputy for a time. A row counts only as far as its line in the ledger says so too."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, Connection, Integer, Table

from portal.domain.ids import AreaId, PersonId
from portal.records.schema import Utc, area_column, change, every, first, id_column, metadata, put

deputy_terms = Table(
    "deputy_terms",
    metadata,
    id_column("person_id", primary_key=True),
    area_column(),
    Column("from_at", Utc, nullable=False),
    Column("until_at", Utc, nullable=False),
    Column("ledger_position", Integer, nullable=False),
    Column("ended_at", Utc),
)


@dataclass(frozen=True)
class Term:
    """`from_at` is inclusive, `until_at` exclusive. `ended_at`: the unit's key was taken back."""

    person_id: PersonId
    area_id: AreaId
    from_at: datetime
    until_at: datetime
    ledger_position: int
    ended_at: datetime | None = None


def save(db: Connection, term: Term) -> None:
    """Replaces an earlier term of the same person."""
    put(db, deputy_terms, term)


def of_person(db: Connection, area_id: AreaId, person_id: PersonId) -> Term | None:
    return first(
        db,
        deputy_terms,
        Term,
        deputy_terms.c.area_id == area_id,
        deputy_terms.c.person_id == person_id,
    )


def not_ended(db: Connection, area_id: AreaId) -> dict[PersonId, Term]:
    """Terms whose end was not dealt with, over or not."""
    found = every(
        db,
        deputy_terms,
        Term,
        deputy_terms.c.area_id == area_id,
        deputy_terms.c.ended_at.is_(None),
        order=[deputy_terms.c.until_at, deputy_terms.c.person_id],
    )
    return {term.person_id: term for term in found}


def end(db: Connection, area_id: AreaId, person_id: PersonId, at: datetime) -> bool:
    """False where it had been dealt with."""
    where = (
        deputy_terms.c.area_id == area_id,
        deputy_terms.c.person_id == person_id,
        deputy_terms.c.ended_at.is_(None),
    )
    return change(db, deputy_terms, *where, ended_at=at) == 1
