"""An agency's contact chooses a file for a report: it is examined, and given to nobody yet.

Only for what the own agency was asked, before the meeting begins, by the right service (MAPPA
rules 18 and 20), a first time or to correct what is in (rule 57). The file is rebuilt in memory
and kept, with the original beside it, for its uploader alone until they have confirmed the case
(rule 22). A refused file leaves its line, and no bytes anywhere.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from portal.documents.findings import Finding
from portal.documents.intake import Accepted, examine
from portal.documents.limits import Limits
from portal.documents.refusal import RefusedPaper
from portal.domain.deeds import Deed, line
from portal.domain.ids import RequestId
from portal.domain.papers import Scan
from portal.journeys.deed import doing, looking
from portal.journeys.house import House, Who
from portal.journeys.reports.asked import asked, require_confirmed
from portal.journeys.reports.candidate import keep_candidate
from portal.journeys.reports.choose_unscanned import scanner_of
from portal.journeys.reports.correcting import SAME, SAME_FILE, is_in_already
from portal.journeys.unacceptable import Unacceptable
from portal.policy.actions import Action

ACTION = Action.AGENCY_REPORT_UPLOAD


@dataclass(frozen=True)
class Examined:
    """A file that may be handed in once the case is confirmed; `size` is bytes as uploaded."""

    candidate_id: str
    findings: tuple[Finding, ...]
    pages: int
    size: int
    scan: Scan


def examine_report(
    house: House,
    who: Who,
    request_id: RequestId,
    clear: bytes,
    limits: Limits | None = None,
    password: str = "",
) -> Examined:
    """Examine the file and keep it for the uploader, in place of what they chose before.

    A `password` opens a locked file this once. It is kept nowhere, and neither is the lock.

    Raises RefusedPaper (its words say what to do), Unacceptable (field `file`) for the very file
    that is in already, Refused, RoomFull or StorageUnavailable.
    """
    area_id = who.actor.area_id
    with looking(house, who.actor, request_id) as look:
        at = asked(look.db, area_id, request_id, ACTION)
        look.require(ACTION, at.facts)
        require_confirmed(house, look.db, who)
        sha256 = hashlib.sha256(clear).hexdigest()
        scanner = scanner_of(house, look.db, area_id)
        again = is_in_already(house, look.db, at.request, sha256)
    if again:
        _note_refused(house, who, request_id, SAME_FILE, len(clear))
        raise Unacceptable("file", SAME)
    with house.examining_room.seat(who.actor.person_id):
        try:
            accepted = examine(clear, limits or house.limits, scanner=scanner, password=password)
        except RefusedPaper as refused:
            _note_refused(house, who, request_id, refused.code.value, len(clear))
            raise
        return _keep(house, who, request_id, accepted, clear)


def _keep(
    house: House, who: Who, request_id: RequestId, accepted: Accepted, original: bytes
) -> Examined:
    candidate_id = keep_candidate(
        house,
        who,
        ACTION,
        request_id,
        accepted,
        original,
        lambda db: asked(db, who.actor.area_id, request_id, ACTION).facts,
    )
    return Examined(candidate_id, accepted.findings, accepted.pages, len(original), accepted.scan)


def _note_refused(house: House, who: Who, request_id: RequestId, code: str, size: int) -> None:
    with doing(house, who.actor, ACTION, request_id) as deed:
        deed.require(asked(deed.db, who.actor.area_id, request_id, ACTION).facts)
        deed.note(line(Deed.FILE_REFUSED, subject=request_id, code=code, size=size))
