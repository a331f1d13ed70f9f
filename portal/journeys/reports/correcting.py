"""A report that is in already and is handed in again (rule 57): what it corrects, and why.

It becomes the next version of the same document. The one before stays as it was, with its line.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from portal.domain.deeds import Deed
from portal.domain.ids import AreaId, RequestId
from portal.domain.papers import Document, ReportRequest, RequestStatus, Version
from portal.journeys.changed import Changed
from portal.journeys.deed import Doing
from portal.journeys.digests import Salted, keep_text, salted
from portal.journeys.house import House, Who
from portal.journeys.keys.proven import proven_line_of
from portal.journeys.keys.unit_recipient import UnitRecipient
from portal.journeys.unacceptable import required
from portal.records import papers

FIELD = "corrected"
LONGEST = 1000
WHY = "Say in a sentence what is corrected."
SAME = (
    "This is the file that was handed in already. Choose the corrected one. If nothing is wrong "
    "with the report, you need do nothing."
)
SAME_FILE = "same_file"
OVERTAKEN = "Another version of this report came in meanwhile. Look at it before you send yours."


@dataclass(frozen=True)
class Earlier:
    """The report as it is in: its document, and the version that a new one corrects."""

    document: Document
    version: Version


@dataclass(frozen=True)
class Correction:
    """What is corrected, and the reason that was given, sealed when it is kept."""

    earlier: Earlier
    reason: Salted


def earlier_of(db: Connection, request: ReportRequest) -> Earlier | None:
    """What was received for this request; None where nothing was yet."""
    if request.status is not RequestStatus.RECEIVED or request.document_id is None:
        return None
    document = papers.load_document(db, request.area_id, request.document_id)
    version = papers.latest_version(db, request.area_id, request.document_id)
    return None if document is None or version is None else Earlier(document, version)


def correction_of(earlier: Earlier | None, reason: str) -> Correction | None:
    """None for a first report. Raises Unacceptable (field `reason`)."""
    if earlier is None:
        return None
    return Correction(earlier, salted(required("reason", reason, WHY, LONGEST)))


def require_still(db: Connection, request: ReportRequest, correction: Correction | None) -> None:
    """Raises Changed when something else was received since."""
    if earlier_of(db, request) != (None if correction is None else correction.earlier):
        raise Changed(OVERTAKEN)


def is_in_already(house: House, db: Connection, request: ReportRequest, sha256: str) -> bool:
    """Whether the newest version was made of a file of just these bytes, as the ledger says."""
    return earlier_of(db, request) is not None and (
        _newest_original(house, db, request.area_id, request.id) == sha256
    )


def keep_why(
    deed: Doing, who: Who, unit: UnitRecipient, version: Version, correction: Correction
) -> None:
    """The reason, for the unit and for whoever gave it."""
    keep_text(deed, version.id, FIELD, correction.reason, [unit.recipient, who.keyring.recipient()])


def _newest_original(
    house: House, db: Connection, area_id: AreaId, request_id: RequestId
) -> object:
    told = proven_line_of(house, db, area_id, Deed.ORIGINAL_KEPT, subject=request_id)
    return None if told is None else told["sha256"]
