"""The uploader confirms the case and hands the report in: sealed to the unit and to themselves.

The date of birth that stands in the report is typed and must be the case's (MAPPA rule 22: no
report on the wrong person). Judged before sealing and again under the lock; of two at once, one
wins. A late report is taken and marked as late (rule 21). The file as it was uploaded is kept
beside it as evidence, sealed to the same two, for as long as the area says. The unit is told.

What is in already can be corrected, with a reason (rule 57): a new version of the same document,
and nothing that was sent or arranged changes by it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from portal.chance import new_id
from portal.domain.clocks import london
from portal.domain.deeds import Deed, Line, Value, line
from portal.domain.ids import DocumentId, RequestId, VersionId
from portal.domain.papers import Document, Kind, RequestStatus
from portal.journeys.changed import Changed
from portal.journeys.deed import Doing, doing, looking
from portal.journeys.giving.sealing import Prepared, keep, own_key, prepare
from portal.journeys.house import House, Who
from portal.journeys.keys.unit_of import unit_behind
from portal.journeys.keys.unit_recipient import UnitRecipient
from portal.journeys.reports.asked import Asked, asked, require_confirmed
from portal.journeys.reports.candidate import (
    current,
    forget_payloads,
    open_candidate,
)
from portal.journeys.reports.choose_unscanned import require_taken
from portal.journeys.reports.correcting import (
    SAME,
    Correction,
    correction_of,
    earlier_of,
    is_in_already,
    keep_why,
    require_still,
)
from portal.journeys.reports.evidence import Evidence, keep_original, seal_original
from portal.journeys.reports.right_person import GONE, individual_of, require_born
from portal.journeys.restricted.about import unit_addresses
from portal.notices.kinds import Kind as Notice
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.records import candidates, papers
from portal.records.candidates import Candidate

ACTION = Action.AGENCY_REPORT_UPLOAD
POLICY = "report"


@dataclass(frozen=True)
class Submitted:
    """What was received, and the place of its line in the ledger."""

    request_id: RequestId
    version_id: VersionId
    position: int
    late: bool


def submit_report(
    house: House, who: Who, request_id: RequestId, candidate_id: str, born: date, reason: str = ""
) -> Submitted:
    """Hand in the file that the page showed, for the individual who was born on `born`.

    `reason` counts only where a report is in already. Raises WrongBirthDate; Unacceptable (field
    `reason`); Changed when that file is no longer there, or another version came in; Refused,
    KeyAlarm, Spoilt, RoomFull or StorageUnavailable. Then nothing was handed in.
    """
    area_id = who.actor.area_id
    with looking(house, who.actor, request_id) as look:
        before = asked(look.db, area_id, request_id, ACTION)
        look.require(ACTION, before.facts)
        require_confirmed(house, look.db, who)
        candidate = current(look.db, who, request_id, look.now)
        if candidate is None or candidate.id != candidate_id:
            raise Changed(GONE)
        correction = correction_of(earlier_of(look.db, before.request), reason)
        individual = individual_of(house, who, look.db, before)
        unit = unit_behind(house, look.db, area_id, request_id)
    require_born(house, who, candidate, individual, born)
    new = Document(
        id=DocumentId(new_id()),
        area_id=area_id,
        case_id=before.case.id,
        slot_id=before.slot.id,
        kind=Kind.REPORT,
        form_code=before.request.form_code,
        owner_agency_id=before.request.agency_id,
        author_id=who.actor.person_id,
        created_at=house.clock.now(),
    )
    document, number = new, 1
    if correction is not None:
        document = correction.earlier.document
        number = correction.earlier.version.number + 1
    with house.reading_room.seat():
        prepared = prepare(
            house,
            who,
            document,
            open_candidate(house, who, candidate),
            pages=candidate.pages,
            readers=[own_key(who)],
            unit=unit,
            number=number,
            policy=POLICY,
            scan=candidate.scan,
        )
        original = seal_original(house, who, new, candidate, unit, [own_key(who)])
    return _hand_in(house, who, unit, candidate, prepared, original, correction)


def _hand_in(
    house: House,
    who: Who,
    unit: UnitRecipient,
    candidate: Candidate,
    prepared: Prepared,
    original: Evidence,
    correction: Correction | None,
) -> Submitted:
    area_id, request_id = who.actor.area_id, candidate.request_id
    try:
        with doing(house, who.actor, ACTION, request_id) as deed:
            at = asked(deed.db, area_id, request_id, ACTION)
            deed.require(at.facts)
            waiting = candidates.of_request(deed.db, area_id, request_id)
            if candidate.id not in {each.id for each in waiting}:
                raise Changed(GONE)
            require_taken(deed, candidate.scan)
            require_still(deed.db, at.request, correction)
            if is_in_already(house, deed.db, at.request, original.sha256):
                raise Changed(SAME)
            late = london(deed.now).date() > at.request.due_on
            position = deed.note(_line(request_id, prepared, correction, late=late))
            keep(deed, prepared, position, new_document=correction is None)
            if correction is not None:
                keep_why(deed, who, unit, prepared.version, correction)
            keep_original(deed, request_id, original)
            papers.answer_request(
                deed.db, area_id, request_id, RequestStatus.RECEIVED, prepared.document.id
            )
            for each in waiting:
                candidates.drop(deed.db, area_id, each.id)
            _tell(deed, at, corrected=correction is not None)
    except (Refused, Changed):
        # Raised before the commit: no row names these bytes, and none ever will.
        forget_payloads(
            house, [prepared.version.payload_sha256, original.sealed.version.payload_sha256]
        )
        raise
    forget_payloads(house, [name for each in waiting for name in each.payloads])
    return Submitted(request_id, prepared.version.id, position, late)


def _line(
    request_id: RequestId, prepared: Prepared, correction: Correction | None, *, late: bool
) -> Line:
    scan = prepared.version.scan
    told: dict[str, Value] = {
        "request": request_id,
        "document": prepared.document.id,
        "version": prepared.version.id,
        "payload": prepared.version.payload_sha256,
        "manifest": prepared.manifest.sha256,
        "late": late,
        "scan": None if scan is None else scan.value,
    }
    if correction is None:
        return line(Deed.REPORT_RECEIVED, **told)
    told |= {"corrects": correction.earlier.version.id, "reason": correction.reason.digest}
    return line(Deed.REPORT_CORRECTED, **told)


def _tell(deed: Doing, at: Asked, *, corrected: bool) -> None:
    for address in unit_addresses(deed, at.slot.id, at.area.unit_email):
        deed.tell(
            Notice.REPORT_CORRECTED if corrected else Notice.REPORT_RECEIVED,
            address,
            area=at.area.name,
            reference=at.case.reference,
            form=at.request.form_code,
            path=f"/unit/slots/{at.slot.id}{'/pack' if corrected else ''}",
        )
