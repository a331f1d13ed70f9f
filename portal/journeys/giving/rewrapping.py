"""Giving a paper that is already sealed to one more reader: a late grant, more time, a disclosure.

The unit's own key opens the unit's header; the file key is checked against the commitment that
the paper's author signed, and only then wrapped again. The payload is not touched. A new manifest,
signed by the coordinator who gives, names the reader and the window, so a wrap that somebody
slips into the database names nobody.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection

from portal.crypto.age.errors import AgeError
from portal.crypto.commitment import WrongKey, check_commit
from portal.crypto.manifest import SignedManifest
from portal.crypto.sealing import header_for, open_header
from portal.domain.papers import UNIT_READER, Document, Header, Version
from portal.journeys.deed import Doing
from portal.journeys.giving.sealing import sign_manifest
from portal.journeys.house import House, Who
from portal.journeys.keys.directory import ConfirmedKey
from portal.journeys.keys.unit_of import OpenUnit, open_unit_of_case
from portal.journeys.opening.opened import NotGiven, Spoilt, read_manifest
from portal.records import papers


def file_key_of(house: House, db: Connection, unit: OpenUnit, version: Version) -> bytes:
    """The file key of a version, from the unit's header, once everything signed about it agrees.

    The payload is not read. Raises NotGiven or Spoilt.
    """
    for row in papers.manifests_of(db, version.area_id, version.id):
        if unit.public.named_in(read_manifest(house, db, row, version).recipients):
            break
    else:
        raise Spoilt("recipient")
    header = papers.header_for(db, version.area_id, version.id, UNIT_READER)
    if header is None:
        raise NotGiven
    try:
        file_key = open_header(header.header, unit.key.openers())
        check_commit(file_key, version.id, version.payload_sha256, version.key_commit)
    except (AgeError, WrongKey) as error:
        raise Spoilt(type(error).__name__) from None
    return file_key


def rewrap_all(
    deed: Doing,
    who: Who,
    document: Document,
    version: Version,
    readers: Iterable[ConfirmedKey],
    opens_at: datetime | None,
    closes_at: datetime | None,
    policy: str,
) -> list[tuple[Header, SignedManifest]]:
    """One wrap and one signed manifest for each reader, in their order; nothing is written.

    `readers` come from the directory. The caller notes each manifest's SHA-256 in its line, then
    saves the header (`papers.save_header`) and the manifest (`sealing.keep_manifest`). Raises
    Refused, KeyAlarm, NotGiven or Spoilt.
    """
    unit = open_unit_of_case(deed.house, deed.db, who, document.case_id)
    file_key = file_key_of(deed.house, deed.db, unit, version)
    return [
        (
            Header(
                version.area_id,
                version.id,
                reader.person_id,
                reader.fingerprint,
                header_for(file_key, reader.recipient),
            ),
            sign_manifest(
                who,
                document,
                version,
                recipients=[unit.public.fingerprint, reader.fingerprint],
                opens_at=opens_at,
                closes_at=closes_at,
                policy=policy,
                at=deed.now,
            ),
        )
        for reader in readers
    ]


def signed_terms(deed: Doing, version: Version) -> str:
    """What the first manifest of a sending says that its readers may do: whoever is given it later,
    or for longer, is given no more. Raises KeyAlarm or Spoilt."""
    rows = papers.manifests_of(deed.db, version.area_id, version.id)
    if not rows:
        raise Spoilt("manifest")
    return read_manifest(deed.house, deed.db, rows[0], version).policy


def rewrap(
    deed: Doing,
    who: Who,
    document: Document,
    version: Version,
    reader: ConfirmedKey,
    opens_at: datetime | None,
    closes_at: datetime | None,
    policy: str,
) -> tuple[Header, SignedManifest]:
    """`rewrap_all` for one reader."""
    return rewrap_all(deed, who, document, version, [reader], opens_at, closes_at, policy)[0]
