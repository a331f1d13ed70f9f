"""What makes codes of digits: code apps and key-fobs, several a person, each named by them.

One that is not proved yet counts for nothing: it waits for the first code that it makes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BigInteger, Column, Connection, Integer, LargeBinary, Table

from portal.domain.factors import Digest, FactorKind
from portal.domain.ids import AccountId, AreaId
from portal.records import proving
from portal.records.joining import Joining
from portal.records.schema import (
    Closed,
    Utc,
    add,
    area_column,
    change,
    every,
    first,
    id_column,
    metadata,
)

generators = Table(
    "generators",
    metadata,
    id_column("id", primary_key=True),
    area_column(),
    id_column("person_id", index=True),
    Column("kind", Closed(FactorKind), nullable=False),
    Column("name", LargeBinary, nullable=False),
    Column("secret", LargeBinary, nullable=False),
    Column("digits", Integer, nullable=False),
    Column("period", Integer, nullable=False),
    Column("digest", Closed(Digest), nullable=False),
    Column("high_water", BigInteger, nullable=False),
    id_column("replaces", nullable=True),
    Column("made_at", Utc, nullable=False),
    Column("proved_at", Utc),
)


@dataclass(frozen=True)
class Generator:
    """`name` and `secret` are sealed under the field key; `high_water` is the highest step (of
    time or of presses) ever accepted; `replaces` names what goes once this one is proved."""

    id: str
    area_id: AreaId
    person_id: AccountId
    kind: FactorKind
    name: bytes
    secret: bytes
    digits: int
    period: int
    digest: Digest
    high_water: int
    replaces: str | None
    made_at: datetime
    proved_at: datetime | None


def save(db: Connection, generator: Generator) -> None:
    add(db, generators, generator)


def load(db: Connection, person_id: AccountId, generator_id: str) -> Generator | None:
    """One of this person's; another's does not exist."""
    return first(
        db,
        generators,
        Generator,
        generators.c.id == generator_id,
        generators.c.person_id == person_id,
    )


def of_person(db: Connection, person_id: AccountId) -> list[Generator]:
    """All of them, those not proved too, the oldest first."""
    return every(
        db,
        generators,
        Generator,
        generators.c.person_id == person_id,
        order=[generators.c.made_at, generators.c.id],
    )


def spend_step(db: Connection, generator_id: str, step: int) -> bool:
    """Raise the high-water step. False when this step or a later one was spent already: of any
    number of parallel tries, one wins."""
    return (
        change(
            db,
            generators,
            generators.c.id == generator_id,
            generators.c.high_water < step,
            high_water=step,
        )
        == 1
    )


def prove(db: Connection, generator: Generator) -> bool:
    """Keep it, as it is now, as proved. False when it was proved already, or is gone."""
    return proving.prove(
        db, generators, generator, "secret", "digits", "period", "digest", "high_water"
    )


def drop(db: Connection, person_id: AccountId, generator_id: str) -> bool:
    return proving.drop(db, generators, person_id, generator_id)


def drop_unproved(db: Connection, person_id: AccountId) -> int:
    return proving.drop_unproved(db, generators, person_id)


def sweep_unproved(db: Connection, before: datetime, kept: Joining) -> int:
    """Forget what nobody has proved, but whoever's joining is under way."""
    return proving.sweep_unproved(db, generators, before, generators.c.person_id.not_in(kept))
