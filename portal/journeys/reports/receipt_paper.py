"""The receipt of a report as a paper to keep: what was received, when, and which line says so.

For people. The proof that a program checks is in the same receipt as text.
"""

from __future__ import annotations

from portal.documents.typeset import in_groups, typeset
from portal.domain.clocks import in_words
from portal.domain.ids import RequestId
from portal.domain.papers import FORMS, MARKING
from portal.journeys.house import House, Who
from portal.journeys.views.agency_requests import EarlierVersion, ReportReceipt, report_receipt

PROVES = (
    "The record of who did what is a Merkle tree whose heads are signed. The line that is named "
    "here says that these sealed bytes were received. The receipt as text holds the line and its "
    "proof, for anybody who has the verifier key of the record."
)


def receipt_pdf(house: House, who: Who, request_id: RequestId) -> bytes:
    """As tagged PDF/UA-1, for any contact of the agency. Raises what `report_receipt` raises."""
    return typeset("receipt", _paper(report_receipt(house, who, request_id)))


def _paper(found: ReportReceipt) -> dict[str, object]:
    original = in_groups(found.original_sha256) if found.original_sha256 else "No longer kept"
    return {
        "title": "Receipt for a report",
        "reference": found.reference,
        "marking": MARKING,
        "facts": [
            ["Case", found.reference],
            ["What", FORMS[found.form_code]],
            ["Version", str(found.number)],
            ["Pages", str(found.pages)],
            ["Received", in_words(found.received_at)],
            ["In time", "No, after the due date" if found.late else "Yes"],
            ["SHA-256 of what was received, as sealed", in_groups(found.payload_sha256)],
            ["SHA-256 of the file as it was chosen", original],
            ["Line in the record of who did what", str(found.position)],
        ],
        "earlier": [_earlier(each) for each in found.earlier],
        "paragraphs": [PROVES],
    }


def _earlier(version: EarlierVersion) -> dict[str, object]:
    return {
        "title": f"Version {version.number}, which was corrected since",
        "facts": [
            ["Pages", str(version.pages)],
            ["Received", in_words(version.received_at)],
            ["SHA-256 of what was received, as sealed", in_groups(version.payload_sha256)],
            ["Line in the record of who did what", str(version.position)],
        ],
    }
