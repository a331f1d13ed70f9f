"""Who of an agency has taken on which report request. One colleague has it at a time."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, Connection, Table

from portal.domain.ids import AreaId, PersonId, RequestId
from portal.records.schema import Utc, area_column, every, first, id_column, metadata, put, remove

claims = Table(
    "claims",
    metadata,
    id_column("request_id", primary_key=True),
    area_column(),
    id_column("person_id", index=True),
    Column("claimed_at", Utc, nullable=False),
)


@dataclass(frozen=True)
class Claim:
    """`person_id` has taken it on, since `claimed_at`."""

    request_id: RequestId
    area_id: AreaId
    person_id: PersonId
    claimed_at: datetime


def save(db: Connection, claim: Claim) -> None:
    """Replaces whoever had it before."""
    put(db, claims, claim)


def of(db: Connection, area_id: AreaId, request_id: RequestId) -> Claim | None:
    return first(db, claims, Claim, claims.c.area_id == area_id, claims.c.request_id == request_id)


def among(
    db: Connection, area_id: AreaId, requests: Collection[RequestId]
) -> dict[RequestId, Claim]:
    """The claims of these requests, in one query."""
    wanted = claims.c.request_id.in_(sorted(requests))
    found = every(db, claims, Claim, claims.c.area_id == area_id, wanted)
    return {claim.request_id: claim for claim in found}


def of_person(db: Connection, area_id: AreaId, person_id: PersonId) -> list[Claim]:
    return every(
        db,
        claims,
        Claim,
        claims.c.area_id == area_id,
        claims.c.person_id == person_id,
        order=[claims.c.claimed_at, claims.c.request_id],
    )


def remove_of(db: Connection, area_id: AreaId, person_id: PersonId) -> int:
    """Whoever leaves has nothing any more; others take it on."""
    return remove(db, claims, claims.c.area_id == area_id, claims.c.person_id == person_id)
