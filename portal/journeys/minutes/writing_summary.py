"""The draft of a meeting's executive summary, sealed to the unit and proven by the ledger; and
the newest one that a coordinator approved."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from portal.crypto.age.errors import AgeError
from portal.crypto.age.keys import Identity
from portal.domain.deeds import Deed
from portal.domain.ids import AreaId, SlotId
from portal.domain.papers import Document, Kind, Version
from portal.domain.summaries import Summary
from portal.journeys.digests import read_text
from portal.journeys.house import House
from portal.journeys.keys.proven import proven_line_of
from portal.journeys.opening.opened import Spoilt
from portal.records import papers, texts

FIELD = "summary"


@dataclass(frozen=True)
class WrittenSummary:
    """The draft; `digest` is the ledger's, empty where nobody has written one."""

    summary: Summary
    digest: str


def newest_digest(house: House, db: Connection, area_id: AreaId, slot_id: SlotId) -> str:
    """The digest of the draft as it was last written; empty where there is none."""
    told = proven_line_of(house, db, area_id, Deed.SUMMARY_WRITTEN, slot=slot_id)
    return "" if told is None else str(told["text"])


def written_summary(
    house: House, db: Connection, area_id: AreaId, slot_id: SlotId, openers: Sequence[Identity]
) -> WrittenSummary:
    """The draft as it was last written. Raises Spoilt for any other text."""
    told = newest_digest(house, db, area_id, slot_id)
    sealed = texts.load(db, area_id, slot_id, FIELD)
    if sealed is None and not told:
        return WrittenSummary(Summary(), "")
    try:
        found = read_text(sealed or b"", openers)
        written = Summary(**{str(k): str(v) for k, v in json.loads(found.text).items()})
    except (AgeError, ValueError, KeyError, TypeError, AttributeError):
        raise Spoilt("text") from None
    if found.digest != told:
        raise Spoilt("text")
    return WrittenSummary(written, told)


def approved_summary(
    house: House, db: Connection, area_id: AreaId, slot_id: SlotId
) -> tuple[Document, Version] | None:
    """The newest summary that a coordinator approved, as the ledger has it; None without one."""
    told = proven_line_of(house, db, area_id, Deed.SUMMARY_APPROVED, slot=slot_id)
    if told is None:
        return None
    version = papers.load_version(db, area_id, str(told["version"]))  # type: ignore[arg-type]
    document = None if version is None else papers.load_document(db, area_id, version.document_id)
    if (
        version is None
        or document is None
        or document.kind is not Kind.SUMMARY
        or document.slot_id != slot_id
        or version.payload_sha256 != told["payload"]
    ):
        raise Spoilt("summary")
    return document, version
