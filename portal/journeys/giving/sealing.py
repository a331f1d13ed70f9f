"""Sealing one paper: one payload, one header for each reader, one signed manifest.

`prepare` is slow and holds no lock: it seals, puts the payload into the store and signs. `keep`
writes the rows under the lock of the deed. A crash between the two leaves a payload that no row
names, which the sweep removes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from portal.chance import new_id
from portal.crypto import manifest as manifests
from portal.crypto.commitment import key_commit
from portal.crypto.fingerprint import fingerprint
from portal.crypto.sealing import header_for, new_file_key, seal_payload
from portal.domain.ids import ManifestId, VersionId
from portal.domain.papers import UNIT_READER, Document, Header, ManifestRow, Scan, Version
from portal.journeys.changed import Changed
from portal.journeys.deed import Doing
from portal.journeys.house import House, Who
from portal.journeys.keys.directory import ConfirmedKey
from portal.journeys.keys.unit_of import unit_of_case
from portal.journeys.keys.unit_recipient import UnitRecipient
from portal.records import papers


@dataclass(frozen=True)
class Prepared:
    """A sealed version of `document`, its payload already in the store, its rows not yet kept."""

    document: Document
    version: Version
    headers: tuple[Header, ...]
    manifest: manifests.SignedManifest
    made_at: datetime


def prepare(
    house: House,
    who: Who,
    document: Document,
    clear: bytes,
    *,
    pages: int,
    readers: Iterable[ConfirmedKey],
    unit: UnitRecipient,
    number: int = 1,
    opens_at: datetime | None = None,
    closes_at: datetime | None = None,
    policy: str = "",
    scan: Scan | None = None,
) -> Prepared:
    """Seal `clear` to the unit and to `readers`, and sign who gets it, when, from whom.

    `scan` tells of a file that came from outside whether it was scanned.
    `readers` come from the directory: keys confirmed in the ledger, or the signer's own. Raises
    StorageUnavailable; then nothing was kept.
    """
    now = house.clock.now()
    version_id = VersionId(new_id())
    file_key = new_file_key()
    sealed = seal_payload(file_key, clear)
    commit = key_commit(file_key, version_id, sealed.sha256)
    readers = tuple(readers)
    headers = [
        Header(
            document.area_id,
            version_id,
            UNIT_READER,
            unit.fingerprint,
            header_for(file_key, unit.recipient),
        )
    ]
    headers += [
        Header(
            document.area_id,
            version_id,
            reader.person_id,
            reader.fingerprint,
            header_for(file_key, reader.recipient),
        )
        for reader in readers
    ]
    version = Version(
        id=version_id,
        area_id=document.area_id,
        document_id=document.id,
        number=number,
        payload_sha256=sealed.sha256,
        clear_size=len(clear),
        pages=pages,
        key_commit=commit,
        made_at=now,
        scan=scan,
    )
    signed = sign_manifest(
        who,
        document,
        version,
        recipients=[header.fingerprint for header in headers],
        opens_at=opens_at,
        closes_at=closes_at,
        policy=policy,
        at=now,
    )
    house.store.put(sealed.sha256, sealed)
    return Prepared(document, version, tuple(headers), signed, now)


def sign_manifest(
    who: Who,
    document: Document,
    version: Version,
    *,
    recipients: Iterable[str],
    opens_at: datetime | None,
    closes_at: datetime | None,
    policy: str,
    at: datetime,
) -> manifests.SignedManifest:
    """Sign, with the actor's own key, who (fingerprints) may open a version, and when."""
    return manifests.sign(
        manifests.Manifest(
            area_id=document.area_id,
            document_id=document.id,
            version_id=version.id,
            kind=document.kind.value,
            payload_sha256=version.payload_sha256,
            clear_size=version.clear_size,
            key_commit=version.key_commit.hex(),
            recipients=tuple(recipients),
            opens_at=None if opens_at is None else opens_at.isoformat(),
            closes_at=None if closes_at is None else closes_at.isoformat(),
            policy=policy,
            made_at=at.isoformat(),
            author_fingerprint=own_fingerprint(who),
        ),
        who.keyring.signing_seed,
    )


def own_fingerprint(who: Who) -> str:
    """The fingerprint (hex) of the actor's own unlocked keys."""
    return fingerprint(who.keyring.recipient(), who.keyring.signing_public())


def own_key(who: Who) -> ConfirmedKey:
    """The actor's own key, from their unlocked keyring: nobody else can have put it there."""
    return ConfirmedKey(
        who.actor.person_id,
        who.keyring.recipient(),
        who.keyring.signing_public(),
        own_fingerprint(who),
    )


def keep(
    deed: Doing, prepared: Prepared, position: int, *, new_document: bool = True
) -> ManifestId:
    """Write the rows, in the deed. `position` is the line in which the manifest's hash stands.

    Raises Changed where it is not sealed to the unit's key of its case, or that was changed since.
    """
    case_id = prepared.document.case_id
    unit = unit_of_case(deed.house, deed.db, deed.area_id, case_id).fingerprint
    held = {each.fingerprint for each in prepared.headers if each.reader_id == UNIT_READER}
    if held != {unit}:
        raise Changed
    return keep_rows(deed, prepared, position, new_document=new_document)


def keep_rows(
    deed: Doing, prepared: Prepared, position: int, *, new_document: bool = True
) -> ManifestId:
    """`keep` for the first paper of a case whose own key is given in this very deed."""
    if new_document:
        papers.save_document(deed.db, prepared.document)
    papers.save_version(deed.db, prepared.version)
    for header in prepared.headers:
        papers.save_header(deed.db, header)
    return keep_manifest(deed, prepared.version, prepared.manifest, position)


def keep_manifest(
    deed: Doing, version: Version, signed: manifests.SignedManifest, position: int
) -> ManifestId:
    """Write one signed manifest, in the deed; `position` is the line that holds its hash."""
    row = ManifestRow(
        id=ManifestId(new_id()),
        area_id=version.area_id,
        version_id=version.id,
        body=signed.body,
        signature=signed.signature,
        signer_id=deed.actor.person_id,
        sha256=signed.sha256,
        ledger_position=position,
        made_at=deed.now,
    )
    papers.save_manifest(deed.db, row)
    return row.id
