"""The file as it was chosen, kept sealed beside what was made of it: of a report, and of minutes.

A document of its own, which no reader's copy is ever made of. How long it stays is the area's word.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace

from portal.chance import new_id
from portal.domain.deeds import Deed, line
from portal.domain.ids import DocumentId, RequestId
from portal.domain.papers import Document, Kind
from portal.journeys.deed import Doing
from portal.journeys.giving.sealing import Prepared, keep, prepare
from portal.journeys.house import House, Who
from portal.journeys.keys.directory import ConfirmedKey
from portal.journeys.keys.unit_recipient import UnitRecipient
from portal.journeys.reports.candidate import open_candidates_original
from portal.records import originals
from portal.records.candidates import Candidate

POLICY = "original"


@dataclass(frozen=True)
class Evidence:
    """The original, sealed; `sha256` is of its own bytes."""

    sealed: Prepared
    sha256: str


def seal_original(
    house: House,
    who: Who,
    made_of_it: Document,
    candidate: Candidate,
    unit: UnitRecipient,
    readers: Iterable[ConfirmedKey] = (),
) -> Evidence:
    """Seal it to the unit and to `readers`, and put it into the store. Raises Spoilt or a
    StorageError; then nothing was kept."""
    foreign = open_candidates_original(house, who, candidate)
    sealed = prepare(
        house,
        who,
        replace(made_of_it, id=DocumentId(new_id()), kind=Kind.ORIGINAL),
        foreign,
        pages=0,
        readers=readers,
        unit=unit,
        policy=POLICY,
        scan=candidate.scan,
    )
    return Evidence(sealed, hashlib.sha256(foreign).hexdigest())


def keep_original(deed: Doing, subject: RequestId, original: Evidence) -> None:
    """Write its rows and its line, in a deed that was judged. `subject` is what it was uploaded
    for, as its candidate names it."""
    sealed = original.sealed
    position = deed.note(
        line(
            Deed.ORIGINAL_KEPT,
            subject=subject,
            document=sealed.document.id,
            version=sealed.version.id,
            payload=sealed.version.payload_sha256,
            manifest=sealed.manifest.sha256,
            sha256=original.sha256,
            size=sealed.version.clear_size,
        )
    )
    keep(deed, sealed, position)
    originals.save(
        deed.db,
        originals.Original(
            version_id=sealed.version.id,
            area_id=deed.area_id,
            request_id=subject,
            document_id=sealed.document.id,
            sha256=original.sha256,
            received_at=deed.now,
        ),
    )
