"""Which sealed file is the original of which report, or of which minutes, as it was chosen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, Connection, String, Table, select

from portal.domain.ids import AreaId, DocumentId, RequestId, VersionId
from portal.records.papers import documents, headers, manifests, versions
from portal.records.schema import Utc, add, area_column, every, id_column, metadata, remove

originals = Table(
    "originals",
    metadata,
    id_column("version_id", primary_key=True),
    area_column(),
    id_column("request_id", index=True),
    id_column("document_id"),
    Column("sha256", String(64), nullable=False),
    Column("received_at", Utc, nullable=False),
)


@dataclass(frozen=True)
class Original:
    """`version_id` and `document_id` are of the sealed original; `sha256` is of its own bytes.

    `request_id` is what was asked; of minutes, which nobody asks for, the slot itself.
    """

    version_id: VersionId
    area_id: AreaId
    request_id: RequestId
    document_id: DocumentId
    sha256: str
    received_at: datetime


def save(db: Connection, original: Original) -> None:
    add(db, originals, original)


def of_request(db: Connection, area_id: AreaId, request_id: RequestId) -> list[Original]:
    """Those that are still kept, in the order in which they came: that of their ledger lines, which
    stands also where two came at one time."""
    found = every(
        db,
        originals,
        Original,
        originals.c.area_id == area_id,
        originals.c.request_id == request_id,
        order=[originals.c.received_at, originals.c.version_id],
    )
    query = select(manifests.c.version_id, manifests.c.ledger_position).where(
        manifests.c.area_id == area_id,
        manifests.c.version_id.in_([original.version_id for original in found]),
    )
    lines = {VersionId(version): int(position) for version, position in db.execute(query)}
    return sorted(found, key=lambda original: lines.get(original.version_id, -1))


def load(db: Connection, area_id: AreaId, request_id: RequestId) -> Original | None:
    """That of the newest version, unless it has been removed; then the newest there is."""
    found = of_request(db, area_id, request_id)
    return found[-1] if found else None


def received_before(db: Connection, area_id: AreaId, before: datetime) -> list[Original]:
    return every(
        db,
        originals,
        Original,
        originals.c.area_id == area_id,
        originals.c.received_at <= before,
        order=[originals.c.received_at, originals.c.version_id],
    )


def requests_with(db: Connection, area_id: AreaId) -> set[RequestId]:
    """The requests, and slots, of which an original is still kept."""
    query = select(originals.c.request_id).where(originals.c.area_id == area_id)
    return {RequestId(found) for found in db.execute(query).scalars()}


def drop(db: Connection, original: Original) -> str | None:
    """Remove it with all that could open it; returns its payload, to be deleted after the commit.

    What the ledger says of it stays.
    """
    area_id, version_id = original.area_id, original.version_id
    payload = db.execute(
        select(versions.c.payload_sha256).where(
            versions.c.area_id == area_id, versions.c.id == version_id
        )
    ).scalar_one_or_none()
    for table, column, value in (
        (headers, headers.c.version_id, version_id),
        (manifests, manifests.c.version_id, version_id),
        (versions, versions.c.id, version_id),
        (documents, documents.c.id, original.document_id),
        (originals, originals.c.version_id, version_id),
    ):
        remove(db, table, table.c.area_id == area_id, column == value)
    return None if payload is None else str(payload)
