"""Documents, their versions, manifests, and the headers (one per reader) that open them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import Column, Connection, Date, Index, Integer, LargeBinary, String, Table, select

from portal.domain.ids import (
    AgencyId,
    AreaId,
    CaseId,
    DocumentId,
    ManifestId,
    PersonId,
    RequestId,
    SlotId,
    VersionId,
)
from portal.domain.papers import (
    Document,
    Header,
    Kind,
    ManifestRow,
    ReportRequest,
    RequestStatus,
    Scan,
    Version,
)
from portal.records import candidates
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

documents = Table(
    "documents",
    metadata,
    id_column("id", primary_key=True),
    area_column(),
    id_column("case_id", index=True),
    id_column("slot_id", index=True, nullable=True),
    Column("kind", Closed(Kind), nullable=False),
    Column("form_code", String(20), nullable=False),
    id_column("owner_agency_id"),
    id_column("author_id"),
    Column("created_at", Utc, nullable=False),
)

versions = Table(
    "versions",
    metadata,
    id_column("id", primary_key=True),
    area_column(),
    id_column("document_id", index=True),
    Column("number", Integer, nullable=False),
    Column("payload_sha256", String(64), nullable=False, index=True),
    Column("clear_size", Integer, nullable=False),
    Column("pages", Integer, nullable=False),
    Column("key_commit", LargeBinary, nullable=False),
    Column("made_at", Utc, nullable=False),
    Column("scan", Closed(Scan), nullable=True),
)

manifests = Table(
    "manifests",
    metadata,
    id_column("id", primary_key=True),
    area_column(),
    id_column("version_id", index=True),
    Column("body", LargeBinary, nullable=False),
    Column("signature", LargeBinary, nullable=False),
    id_column("signer_id"),
    Column("sha256", String(64), nullable=False),
    Column("ledger_position", Integer, nullable=False),
    Column("made_at", Utc, nullable=False),
)

headers = Table(
    "headers",
    metadata,
    area_column(),
    id_column("version_id", primary_key=True),
    id_column("reader_id", primary_key=True),
    Column("fingerprint", String(64), nullable=False),
    Column("header", LargeBinary, nullable=False),
    Index("headers_of_reader", "reader_id", "fingerprint"),
)

report_requests = Table(
    "report_requests",
    metadata,
    id_column("id", primary_key=True),
    area_column(),
    id_column("slot_id", index=True),
    id_column("agency_id", index=True),
    Column("form_code", String(20), nullable=False),
    Column("due_on", Date, nullable=False),
    Column("status", Closed(RequestStatus), nullable=False),
    id_column("document_id", nullable=True),
    Column("asked_at", Utc, nullable=False),
)


def save_document(db: Connection, document: Document) -> None:
    add(db, documents, document)


def load_document(db: Connection, area_id: AreaId, document_id: DocumentId) -> Document | None:
    return first(
        db, documents, Document, documents.c.area_id == area_id, documents.c.id == document_id
    )


def documents_of_slot(db: Connection, area_id: AreaId, slot_id: SlotId) -> list[Document]:
    return every(
        db,
        documents,
        Document,
        documents.c.area_id == area_id,
        documents.c.slot_id == slot_id,
        order=[documents.c.created_at, documents.c.id],
    )


def documents_of_case(db: Connection, area_id: AreaId, case_id: CaseId) -> list[Document]:
    return every(
        db,
        documents,
        Document,
        documents.c.area_id == area_id,
        documents.c.case_id == case_id,
        order=[documents.c.created_at, documents.c.id],
    )


def documents_by_version(
    db: Connection, area_id: AreaId, version_ids: Sequence[VersionId]
) -> dict[VersionId, Document]:
    """The document of each of these versions, in their order; one that is not here is left out."""
    query = select(versions.c.id, versions.c.document_id).where(
        versions.c.area_id == area_id, versions.c.id.in_(version_ids)
    )
    named = {VersionId(version): document for version, document in db.execute(query)}
    found = every(
        db,
        documents,
        Document,
        documents.c.area_id == area_id,
        documents.c.id.in_(set(named.values())),
    )
    by_id = {document.id: document for document in found}
    return {each: by_id[DocumentId(named[each])] for each in version_ids if each in named}


def save_version(db: Connection, version: Version) -> None:
    add(db, versions, version)


def load_version(db: Connection, area_id: AreaId, version_id: VersionId) -> Version | None:
    return first(db, versions, Version, versions.c.area_id == area_id, versions.c.id == version_id)


def versions_in(
    db: Connection, area_id: AreaId, version_ids: Iterable[VersionId]
) -> dict[VersionId, Version]:
    """Those of these versions that are there, in one query."""
    wanted = sorted(set(version_ids))
    found = every(db, versions, Version, versions.c.area_id == area_id, versions.c.id.in_(wanted))
    return {version.id: version for version in found}


def versions_of(db: Connection, area_id: AreaId, document_id: DocumentId) -> list[Version]:
    """Oldest first."""
    return every(
        db,
        versions,
        Version,
        versions.c.area_id == area_id,
        versions.c.document_id == document_id,
        order=[versions.c.number],
    )


def latest_version(db: Connection, area_id: AreaId, document_id: DocumentId) -> Version | None:
    found = versions_of(db, area_id, document_id)
    return found[-1] if found else None


def latest_versions(
    db: Connection, area_id: AreaId, document_ids: Iterable[DocumentId]
) -> dict[DocumentId, Version]:
    """The newest version of each of these documents, in one query."""
    found = every(
        db,
        versions,
        Version,
        versions.c.area_id == area_id,
        versions.c.document_id.in_(sorted(set(document_ids))),
        order=[versions.c.number],
    )
    return {version.document_id: version for version in found}


def payload_names(db: Connection) -> set[str]:
    """Every payload that some row still names, in any area: what the sweep must keep."""
    kept = set(db.execute(select(versions.c.payload_sha256)).scalars())
    return kept | candidates.payload_names(db)


def save_manifest(db: Connection, manifest: ManifestRow) -> None:
    add(db, manifests, manifest)


def load_manifest(db: Connection, area_id: AreaId, manifest_id: ManifestId) -> ManifestRow | None:
    return first(
        db, manifests, ManifestRow, manifests.c.area_id == area_id, manifests.c.id == manifest_id
    )


def manifests_of(db: Connection, area_id: AreaId, version_id: VersionId) -> list[ManifestRow]:
    return every(
        db,
        manifests,
        ManifestRow,
        manifests.c.area_id == area_id,
        manifests.c.version_id == version_id,
        order=[manifests.c.made_at, manifests.c.ledger_position, manifests.c.id],
    )


def save_header(db: Connection, header: Header) -> None:
    """Replaces the reader's earlier header of the same payload."""
    remove_header(db, header.area_id, header.version_id, header.reader_id)
    add(db, headers, header)


def header_for(
    db: Connection, area_id: AreaId, version_id: VersionId, reader_id: PersonId
) -> Header | None:
    return first(
        db,
        headers,
        Header,
        headers.c.area_id == area_id,
        headers.c.version_id == version_id,
        headers.c.reader_id == reader_id,
    )


def readers_of(db: Connection, area_id: AreaId, version_id: VersionId) -> set[PersonId]:
    """Everyone with a wrap of this payload, the unit included."""
    query = select(headers.c.reader_id).where(
        headers.c.area_id == area_id, headers.c.version_id == version_id
    )
    return {PersonId(reader) for reader in db.execute(query).scalars()}


def wraps_of(db: Connection, area_id: AreaId, version_id: VersionId) -> dict[PersonId, str]:
    """Reader -> fingerprint of the key their wrap was made for, the unit included."""
    query = select(headers.c.reader_id, headers.c.fingerprint).where(
        headers.c.area_id == area_id, headers.c.version_id == version_id
    )
    return {PersonId(reader): found for reader, found in db.execute(query)}


def remove_header(
    db: Connection, area_id: AreaId, version_id: VersionId, reader_id: PersonId
) -> int:
    return remove(
        db,
        headers,
        headers.c.area_id == area_id,
        headers.c.version_id == version_id,
        headers.c.reader_id == reader_id,
    )


def readers_in(db: Connection, area_id: AreaId) -> dict[VersionId, set[PersonId]]:
    """Everyone with a wrap, by payload, over the whole area."""
    query = select(headers.c.version_id, headers.c.reader_id).where(headers.c.area_id == area_id)
    found: dict[VersionId, set[PersonId]] = {}
    for version_id, reader_id in db.execute(query):
        found.setdefault(version_id, set()).add(reader_id)
    return found


def remove_headers_of(db: Connection, area_id: AreaId, reader_id: PersonId) -> int:
    """Every wrap of a leaver (rule 81)."""
    return remove(db, headers, headers.c.area_id == area_id, headers.c.reader_id == reader_id)


def save_request(db: Connection, request: ReportRequest) -> None:
    add(db, report_requests, request)


def load_request(db: Connection, area_id: AreaId, request_id: RequestId) -> ReportRequest | None:
    return first(
        db,
        report_requests,
        ReportRequest,
        report_requests.c.area_id == area_id,
        report_requests.c.id == request_id,
    )


def requests_to(db: Connection, area_id: AreaId, agency_id: AgencyId) -> list[ReportRequest]:
    return every(
        db,
        report_requests,
        ReportRequest,
        report_requests.c.area_id == area_id,
        report_requests.c.agency_id == agency_id,
        order=[report_requests.c.due_on, report_requests.c.id],
    )


def requests_for(db: Connection, area_id: AreaId, slot_id: SlotId) -> list[ReportRequest]:
    return every(
        db,
        report_requests,
        ReportRequest,
        report_requests.c.area_id == area_id,
        report_requests.c.slot_id == slot_id,
        order=[report_requests.c.asked_at, report_requests.c.id],
    )


def requests_in(db: Connection, area_id: AreaId) -> list[ReportRequest]:
    return every(db, report_requests, ReportRequest, report_requests.c.area_id == area_id)


def answer_request(
    db: Connection,
    area_id: AreaId,
    request_id: RequestId,
    status: RequestStatus,
    document_id: DocumentId | None,
) -> None:
    change(
        db,
        report_requests,
        report_requests.c.area_id == area_id,
        report_requests.c.id == request_id,
        status=status,
        document_id=document_id,
    )
