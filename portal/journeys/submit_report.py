"""The uploader confirms the case and hands the report in: sealed to the unit and to themselves.

The date of birth that stands in the report is typed and must be the case's (MAPPA rule 22: no
report on the wrong person). Judged before sealing and again under the lock; of two at once, one
wins. A late report is taken and marked as late (rule 21). The file as it was uploaded is kept
beside it as evidence, sealed to the same two, for as long as the area says. The unit is told.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import Connection

from portal.chance import new_id
from portal.domain.cases import Particulars
from portal.domain.clocks import london
from portal.domain.deeds import Deed, line
from portal.domain.ids import DocumentId, RequestId, VersionId
from portal.domain.papers import Document, Kind, RequestStatus
from portal.journeys.asked import Asked, asked, require_confirmed
from portal.journeys.candidate import (
    MOST_TRIES,
    current,
    forget_payloads,
    open_candidate,
    open_candidates_original,
)
from portal.journeys.changed import Changed
from portal.journeys.deed import Doing, doing, looking, tending
from portal.journeys.directory import unit_recipient
from portal.journeys.house import House, Who
from portal.journeys.opening import NotGiven
from portal.journeys.particulars import open_particulars
from portal.journeys.sealing import Prepared, keep, own_key, prepare
from portal.notices.kinds import Kind as Notice
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import candidates, originals, papers
from portal.records.candidates import Candidate

ACTION = Action.AGENCY_REPORT_UPLOAD
POLICY = "report"
ORIGINAL_POLICY = "original"
WRONG_DATE = "wrong_date_of_birth"


class WrongBirthDate(Exception):
    """Not the individual's date of birth. `left`: tries that remain; at 0 the file is gone."""

    def __init__(self, left: int) -> None:
        super().__init__(left)
        self.left = left

    @property
    def words(self) -> str:
        if self.left:
            return (
                "That is not the date of birth of this case's individual. "
                "Check that the report is about the right person."
            )
        return (
            "That was not the date of birth of this case's individual, five times. The file has "
            "been removed. Check that the report is about the right person, then choose it again."
        )


@dataclass(frozen=True)
class Evidence:
    """The original, sealed; `sha256` is of its own bytes."""

    sealed: Prepared
    sha256: str


@dataclass(frozen=True)
class Submitted:
    """What was received, and the place of its line in the ledger."""

    request_id: RequestId
    version_id: VersionId
    position: int
    late: bool


def submit_report(
    house: House, who: Who, request_id: RequestId, candidate_id: str, born: date
) -> Submitted:
    """Hand in the file that the page showed, for the individual who was born on `born`.

    Raises WrongBirthDate; Changed when that file is no longer there; Refused, KeyAlarm, Spoilt,
    RoomFull or StorageUnavailable. Then nothing was handed in.
    """
    area_id = who.actor.area_id
    with looking(house, who.actor, request_id) as look:
        before = asked(look.db, area_id, request_id, ACTION)
        look.require(ACTION, before.facts)
        require_confirmed(house, look.db, who)
        candidate = current(look.db, who, request_id, look.now)
        if candidate is None or candidate.id != candidate_id:
            raise Changed("The file is no longer here. Choose it again.")
        individual = _particulars(house, who, look.db, before)
        unit = unit_recipient(house, look.db, area_id)
    _count_try(house, who, candidate, individual, born)
    document = Document(
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
    beside = replace(document, id=DocumentId(new_id()), kind=Kind.ORIGINAL)
    with house.reading_room.seat():
        prepared = prepare(
            house,
            who,
            document,
            open_candidate(house, who, candidate),
            pages=candidate.pages,
            readers=[own_key(who)],
            unit=unit,
            policy=POLICY,
            scan=candidate.scan,
        )
        foreign = open_candidates_original(house, who, candidate)
        original = Evidence(
            prepare(
                house,
                who,
                beside,
                foreign,
                pages=0,
                readers=[own_key(who)],
                unit=unit,
                policy=ORIGINAL_POLICY,
                scan=candidate.scan,
            ),
            hashlib.sha256(foreign).hexdigest(),
        )
        del foreign
    return _hand_in(house, who, request_id, candidate, prepared, original)


def _hand_in(
    house: House,
    who: Who,
    request_id: RequestId,
    candidate: Candidate,
    prepared: Prepared,
    original: Evidence,
) -> Submitted:
    area_id = who.actor.area_id
    try:
        with doing(house, who.actor, ACTION, request_id) as deed:
            at = asked(deed.db, area_id, request_id, ACTION)
            deed.require(at.facts)
            waiting = candidates.of_request(deed.db, area_id, request_id)
            if candidate.id not in {each.id for each in waiting}:
                raise Changed("The file is no longer here. Choose it again.")
            late = london(deed.now).date() > at.request.due_on
            position = deed.note(
                line(
                    Deed.REPORT_RECEIVED,
                    request=request_id,
                    document=prepared.document.id,
                    version=prepared.version.id,
                    payload=prepared.version.payload_sha256,
                    manifest=prepared.manifest.sha256,
                    late=late,
                    scan=candidate.scan.value,
                )
            )
            keep(deed, prepared, position)
            _keep_original(deed, request_id, original)
            papers.answer_request(
                deed.db, area_id, request_id, RequestStatus.RECEIVED, prepared.document.id
            )
            for each in waiting:
                candidates.drop(deed.db, area_id, each.id)
            _tell(deed, at)
    except (Refused, Changed):
        # Raised before the commit: no row names these bytes, and none ever will.
        forget_payloads(
            house, [prepared.version.payload_sha256, original.sealed.version.payload_sha256]
        )
        raise
    forget_payloads(house, [name for each in waiting for name in each.payloads])
    return Submitted(request_id, prepared.version.id, position, late)


def _keep_original(deed: Doing, request_id: RequestId, original: Evidence) -> None:
    sealed = original.sealed
    position = deed.note(
        line(
            Deed.ORIGINAL_KEPT,
            request=request_id,
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
            request_id=request_id,
            document_id=sealed.document.id,
            sha256=original.sha256,
            received_at=deed.now,
        ),
    )


def _particulars(house: House, who: Who, db: Connection, at: Asked) -> Particulars:
    header = papers.header_for(
        db, at.case.area_id, at.case.particulars_version, who.actor.person_id
    )
    if header is None:
        raise Refused(ACTION, Why.CANNOT_OPEN_YET)
    try:
        return open_particulars(
            house, db, at.case, who.actor.person_id, header.fingerprint, who.identities()
        )
    except NotGiven:
        raise Refused(ACTION, Why.CANNOT_OPEN_YET) from None


def _count_try(
    house: House, who: Who, candidate: Candidate, individual: Particulars, born: date
) -> None:
    # Counted before it is compared, so that tries made at once see each other.
    with tending(house) as db:
        tries = candidates.count_try(db, candidate.area_id, candidate.id)
    if tries is None:
        raise Changed("The file is no longer here. Choose it again.")
    if tries <= MOST_TRIES and born == individual.born:
        return
    left = max(0, MOST_TRIES - tries)
    if not left:
        _drop(house, who, candidate)
    raise WrongBirthDate(left)


def _drop(house: House, who: Who, candidate: Candidate) -> None:
    request_id = candidate.request_id
    with doing(house, who.actor, ACTION, request_id) as deed:
        deed.require(asked(deed.db, deed.area_id, request_id, ACTION).facts)
        candidates.drop(deed.db, deed.area_id, candidate.id)
        deed.note(
            line(
                Deed.FILE_REFUSED,
                subject=request_id,
                code=WRONG_DATE,
                size=candidate.clear_size,
            )
        )
    forget_payloads(house, candidate.payloads)


def _tell(deed: Doing, at: Asked) -> None:
    deed.tell(
        Notice.REPORT_RECEIVED,
        at.area.unit_email,
        area=at.area.name,
        reference=at.case.reference,
        form=at.request.form_code,
        path=f"/unit/slots/{at.slot.id}",
    )
