"""The original of a report is opened again by whoever handed it in; that, and the original of
minutes, by a coordinator who says why. Nobody else has a wrap of it.

It is foreign bytes: handed over to be saved, shown nowhere, and exactly what was received, which
its SHA-256 in the record proves. The line comes first.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from sqlalchemy import Connection

from portal.crypto.age.keys import Identity
from portal.documents.sniff import named_after
from portal.domain.cases import Case
from portal.domain.deeds import Deed, line
from portal.domain.ids import AreaId, PersonId, RequestId, VersionId
from portal.domain.papers import UNIT_READER, Version
from portal.journeys.deed import doing, looking
from portal.journeys.digests import field_at, keep_text, salted
from portal.journeys.house import House, Who
from portal.journeys.keys.proven import proven_line
from portal.journeys.keys.unit_of import open_unit_behind, unit_behind
from portal.journeys.opening.opened import NotGiven, Spoilt, open_version
from portal.journeys.reports.asked import asked
from portal.journeys.restricted.about import about
from portal.journeys.unacceptable import Unacceptable
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import cases, originals, papers
from portal.records.behind import case_behind

OWN, ANY = Action.AGENCY_ORIGINAL_OPEN, Action.DECIDE_ORIGINAL_OPEN
FIELD = "original"
LONGEST = 1000


@dataclass(frozen=True)
class OriginalFile:
    """Foreign bytes, for this one answer only, and what to call them."""

    foreign: bytes = field(repr=False)
    filename: str
    sha256: str


def open_own_original(
    house: House, who: Who, request_id: RequestId, of: VersionId | None = None
) -> OriginalFile:
    """For the one who uploaded it: the newest of theirs, or the one that is named.

    Raises Refused, Spoilt, RoomFull or a StorageError.
    """
    with house.reading_room.seat():
        with doing(house, who.actor, OWN, request_id) as deed:
            at = asked(deed.db, deed.area_id, request_id, OWN)
            deed.require(at.facts)
            version = _kept(deed.db, deed.area_id, request_id, OWN, of, who.actor.person_id)
            header = papers.header_for(deed.db, deed.area_id, version.id, who.actor.person_id)
            if header is None:
                raise Refused(OWN, Why.NOT_THERE)
            deed.note(
                line(Deed.ORIGINAL_OPENED, subject=request_id, version=version.id, reason=None)
            )
        with looking(house, who.actor, request_id) as look:
            return _opened(
                house,
                look.db,
                at.case,
                request_id,
                version,
                (who.actor.person_id, header.fingerprint, who.identities()),
            )


def open_original(
    house: House, who: Who, subject: RequestId, reason: str, of: VersionId | None = None
) -> OriginalFile:
    """For a coordinator, whose reason is sealed to the unit: the newest, or the one that is named.
    `subject` is the report's request, or what `subject_of` says of minutes.

    Raises Unacceptable (field `reason`), Refused, KeyAlarm, Spoilt, RoomFull or a StorageError.
    """
    text = reason.strip()
    if not text:
        raise Unacceptable("reason", "Say why you open the original.")
    if len(text) > LONGEST:
        raise Unacceptable("reason", f"Write at most {LONGEST} characters.")
    with house.reading_room.seat():
        with doing(house, who.actor, ANY, subject) as deed:
            deed.require(about(deed, subject))
            version = _kept(deed.db, deed.area_id, subject, ANY, of, UNIT_READER)
            case = uploaded_for(deed.db, deed.area_id, subject)
            unit = unit_behind(house, deed.db, deed.area_id, subject)
            given = salted(text)
            keep_text(deed, subject, field_at(FIELD, deed.now), given, [unit.recipient])
            deed.note(
                line(
                    Deed.ORIGINAL_OPENED,
                    subject=subject,
                    version=version.id,
                    reason=given.digest,
                )
            )
        with looking(house, who.actor, subject) as look:
            opened = open_unit_behind(house, look.db, who, subject)
            reader = (UNIT_READER, opened.public.fingerprint, opened.key.openers())
            return _opened(house, look.db, case, subject, version, reader)


def openable(
    db: Connection, area_id: AreaId, subject: RequestId, reader_id: PersonId
) -> list[originals.Original]:
    """The originals that this reader may open, oldest first: that of each version that came in,
    while it is kept. All for the unit; for others those they have a wrap of."""
    return [
        original
        for original in originals.of_request(db, area_id, subject)
        if reader_id == UNIT_READER
        or papers.header_for(db, area_id, original.version_id, reader_id) is not None
    ]


def uploaded_for(db: Connection, area_id: AreaId, subject: RequestId) -> Case:
    """The case for which something was uploaded. Raises Refused."""
    case_id = case_behind(db, area_id, subject)
    case = None if case_id is None else cases.load(db, area_id, case_id)
    if case is None:
        raise Refused(ANY, Why.NOT_THERE)
    return case


def _kept(
    db: Connection,
    area_id: AreaId,
    subject: RequestId,
    action: Action,
    of: VersionId | None,
    reader_id: PersonId,
) -> Version:
    found = openable(db, area_id, subject, reader_id)
    wanted = [original for original in found if of in (None, original.version_id)]
    version = papers.load_version(db, area_id, wanted[-1].version_id) if wanted else None
    if version is None:
        raise Refused(action, Why.NOT_THERE)
    return version


def _opened(
    house: House,
    db: Connection,
    case: Case,
    subject: RequestId,
    version: Version,
    reader: tuple[PersonId, str, tuple[Identity, ...]],
) -> OriginalFile:
    rows = papers.manifests_of(db, version.area_id, version.id)
    if not rows:
        raise Spoilt("manifest")
    try:
        foreign = open_version(house, db, version, rows[0], *reader)
    except NotGiven:
        raise Spoilt("header") from None
    told = proven_line(house, db, version.area_id, rows[0].ledger_position) or {}
    sha256 = hashlib.sha256(foreign).hexdigest()
    if told.get("sha256") != sha256 or told.get("subject") != subject:
        raise Spoilt("original")
    name = f"{case.reference} original.{named_after(foreign)}"
    return OriginalFile(foreign, name, sha256)
