"""The uploader reads what was recognised on a page of their file, before they hand it in.

The file is sealed to them alone and given to nobody yet; each look leaves its line first.
"""

from __future__ import annotations

from dataclasses import dataclass

from portal.documents.findings import FindingKind, from_kept
from portal.documents.render import read_leaf
from portal.domain.deeds import Deed, line
from portal.domain.ids import RequestId
from portal.journeys.deed import doing
from portal.journeys.house import House, Who
from portal.journeys.reports.asked import Asked, asked
from portal.journeys.reports.candidate import current, open_candidate
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.policy.verdict import Why

ACTION = Action.AGENCY_REPORT_UPLOAD


@dataclass(frozen=True)
class Recognised:
    """The paragraphs of page `sheet` (from 1); `sheets` are all the pages that were recognised."""

    asked: Asked
    sheet: int
    sheets: tuple[int, ...]
    paragraphs: tuple[str, ...]


def read_recognised(house: House, who: Who, request_id: RequestId, sheet: int) -> Recognised:
    """Raises Refused, also for a page that was not recognised; Spoilt, RefusedPaper, RoomFull or a
    StorageError."""
    with doing(house, who.actor, ACTION, request_id) as deed:
        at = asked(deed.db, deed.area_id, request_id, ACTION)
        deed.require(at.facts)
        candidate = current(deed.db, who, request_id, deed.now)
        told = () if candidate is None else from_kept(candidate.findings)
        sheets = {finding.kind: finding.pages for finding in told}.get(FindingKind.RECOGNISED, ())
        if candidate is None or sheet not in sheets:
            raise Refused(ACTION, Why.NOT_THERE)
        deed.note(line(Deed.FILE_WORDS_READ, subject=request_id, sheet=sheet))
    with house.reading_room.seat():
        leaf = read_leaf(open_candidate(house, who, candidate), sheet)
    return Recognised(at, sheet, sheets, tuple(leaf.texts()))
