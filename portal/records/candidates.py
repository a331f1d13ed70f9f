"""Files that were examined and not yet handed in, each sealed to its uploader alone.

Until the uploader has confirmed the case, a file is given to nobody: no row of `papers` names it,
and the unit has no header of it. One of each person for each request; the sweep drops old ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    JSON,
    Column,
    Connection,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
    select,
)

from portal.domain.ids import AreaId, PersonId, RequestId
from portal.domain.papers import Scan
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
    remove,
)

candidates = Table(
    "candidates",
    metadata,
    id_column("id", primary_key=True),
    area_column(),
    id_column("request_id", index=True),
    id_column("person_id"),
    Column("payload_sha256", String(64), nullable=False),
    Column("header", LargeBinary, nullable=False),
    Column("key_commit", LargeBinary, nullable=False),
    Column("signature", LargeBinary, nullable=False),
    Column("findings", JSON, nullable=False),
    Column("scan", Closed(Scan), nullable=False),
    Column("pages", Integer, nullable=False),
    Column("clear_size", Integer, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("original_sha256", String(64), nullable=False),
    Column("original_header", LargeBinary, nullable=False),
    Column("original_commit", LargeBinary, nullable=False),
    Column("made_at", Utc, nullable=False),
    UniqueConstraint("request_id", "person_id"),
)


@dataclass(frozen=True)
class Candidate:
    """`findings` is kind -> count, or pages; `clear_size` is bytes; `signature` is the uploader's.

    `original_...` are of the file as it was chosen, sealed beside what was made of it.
    """

    id: str
    area_id: AreaId
    request_id: RequestId
    person_id: PersonId
    payload_sha256: str
    header: bytes
    key_commit: bytes
    signature: bytes
    findings: dict[str, int | list[int]]
    scan: Scan
    pages: int
    clear_size: int
    tries: int
    made_at: datetime
    original_sha256: str
    original_header: bytes
    original_commit: bytes

    @property
    def payloads(self) -> list[str]:
        return [self.payload_sha256, self.original_sha256]


def save(db: Connection, candidate: Candidate) -> None:
    add(db, candidates, candidate)


def load(
    db: Connection, area_id: AreaId, request_id: RequestId, person_id: PersonId
) -> Candidate | None:
    return first(
        db,
        candidates,
        Candidate,
        candidates.c.area_id == area_id,
        candidates.c.request_id == request_id,
        candidates.c.person_id == person_id,
    )


def of_request(db: Connection, area_id: AreaId, request_id: RequestId) -> list[Candidate]:
    return every(
        db,
        candidates,
        Candidate,
        candidates.c.area_id == area_id,
        candidates.c.request_id == request_id,
    )


def count_try(db: Connection, area_id: AreaId, candidate_id: str) -> int | None:
    """Count one try; returns how many there were with it, None when the file is gone."""
    where = (candidates.c.area_id == area_id, candidates.c.id == candidate_id)
    if not change(db, candidates, *where, tries=candidates.c.tries + 1):
        return None
    return int(db.execute(select(candidates.c.tries).where(*where)).scalar_one())


def drop(db: Connection, area_id: AreaId, candidate_id: str) -> int:
    return remove(db, candidates, candidates.c.area_id == area_id, candidates.c.id == candidate_id)


def made_before(db: Connection, before: datetime) -> list[Candidate]:
    """In every area: what the sweep drops."""
    return every(db, candidates, Candidate, candidates.c.made_at < before)


def payload_names(db: Connection) -> set[str]:
    """Payloads that a candidate names, in any area: the sweep of orphans must keep them."""
    query = select(candidates.c.payload_sha256, candidates.c.original_sha256)
    return {payload for row in db.execute(query) for payload in row}
