"""Opening one paper: what must be true of it before anybody sees a byte.

The manifest's signature is its author's, its hash stands in the ledger, it names this very
payload and this very reader; the reader's header opens; the key is the one committed to; the
whole payload is authentic. Anything else opens nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from sqlalchemy import Connection

from portal.crypto.age.errors import AgeError
from portal.crypto.age.keys import Identity
from portal.crypto.commitment import WrongKey, check_commit
from portal.crypto.manifest import BadManifest, Manifest, open_manifest
from portal.crypto.sealing import open_header, open_payload
from portal.crypto.signing import BadSignature
from portal.domain.ids import AreaId, PersonId
from portal.domain.papers import UNIT_READER, ManifestRow, Version
from portal.journeys.house import House
from portal.journeys.keys.directory import key_at
from portal.journeys.keys.earlier_keys import earlier_keys
from portal.journeys.keys.proven import proven_line
from portal.journeys.keys.unit_of import unit_behind
from portal.records import papers


class Spoilt(Exception):
    """The paper is not what was signed for: an alarm for the unit, and nothing for the reader.

    `.what` names the check that failed; it goes into the security log, never onto the page.
    """

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


class NotGiven(Exception):
    """There is no wrap of this paper for this reader: never given, taken back, or expired."""


def read_manifest(house: House, db: Connection, row: ManifestRow, version: Version) -> Manifest:
    """The manifest, when it was signed by whom it says, stands in the ledger, and is this one's.

    Raises Spoilt.
    """
    signer = key_at(house, db, version.area_id, row.signer_id, row.ledger_position)
    if signer is None:
        raise Spoilt("signer")
    try:
        manifest = open_manifest(row.body, row.signature, signer.sign_public)
    except (BadSignature, BadManifest):
        raise Spoilt("signature") from None
    told = proven_line(house, db, version.area_id, row.ledger_position)
    hashes = [] if told is None else [told.get("manifest"), *_listed(told.get("manifests"))]
    if row.sha256 not in hashes:
        raise Spoilt("ledger")
    # What a row says of the scan is shown to people who decide by it: it must be the line's word.
    scan = None if version.scan is None else version.scan.value
    if told is not None and told.get("scan", scan) != scan:
        raise Spoilt("scan")
    same = (
        manifest.area_id == version.area_id
        and manifest.version_id == version.id
        and manifest.document_id == version.document_id
        and manifest.payload_sha256 == version.payload_sha256
        and manifest.clear_size == version.clear_size
        and manifest.key_commit == version.key_commit.hex()
        and manifest.author_fingerprint == signer.fingerprint
    )
    if not same:
        raise Spoilt("manifest")
    return manifest


def names(
    house: House, db: Connection, manifest: Manifest, reader_id: PersonId, fingerprint: str
) -> bool:
    """Whether the manifest names this key as a recipient; or the joining words by which it was
    confirmed, for they were all that its author knew of it; or one that it followed, as the ledger
    proves. Raises KeyAlarm."""
    if fingerprint in manifest.recipients:
        return True
    if reader_id == UNIT_READER:
        unit = unit_behind(house, db, AreaId(manifest.area_id), manifest.document_id)
        return unit.fingerprint == fingerprint and unit.named_in(manifest.recipients)
    earlier = earlier_keys(house, db, AreaId(manifest.area_id), reader_id, fingerprint)
    return not earlier.isdisjoint(manifest.recipients)


def open_version(
    house: House,
    db: Connection,
    version: Version,
    row: ManifestRow,
    reader_id: PersonId,
    fingerprint: str,
    identities: Sequence[Identity],
    window: tuple[datetime, datetime] | None = None,
) -> bytes:
    """The clear bytes of a version for one reader, all of them authenticated.

    `window` is the grant's own (opens, closes): it must be the one that was signed. Raises
    NotGiven, Spoilt, or a StorageError.
    """
    manifest = read_manifest(house, db, row, version)
    return open_signed(house, db, version, manifest, reader_id, fingerprint, identities, window)


def open_signed(
    house: House,
    db: Connection,
    version: Version,
    manifest: Manifest,
    reader_id: PersonId,
    fingerprint: str,
    identities: Sequence[Identity],
    window: tuple[datetime, datetime] | None = None,
) -> bytes:
    """`open_version` where `read_manifest` has proven the `manifest` of this very version."""
    if not names(house, db, manifest, reader_id, fingerprint):
        raise Spoilt("recipient")
    if window is not None and [manifest.opens_at, manifest.closes_at] != [
        moment.isoformat() for moment in window
    ]:
        raise Spoilt("window")
    header = papers.header_for(db, version.area_id, version.id, reader_id)
    if header is None:
        raise NotGiven
    try:
        file_key = open_header(header.header, identities)
        check_commit(file_key, version.id, version.payload_sha256, version.key_commit)
        # Decrypted while its hash is computed; neither is anything without the other.
        clear = house.store.through(version.payload_sha256, partial(open_payload, file_key))
    except (AgeError, WrongKey) as error:
        raise Spoilt(type(error).__name__) from None
    if len(clear) != version.clear_size:
        raise Spoilt("size")
    return clear


def _listed(value: object) -> list[object]:
    return list(value) if isinstance(value, list | tuple) else []
