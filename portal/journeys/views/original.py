"""Whether the original of a report, or of minutes, is still there, and until when; never what is
in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from portal.domain.cases import Case
from portal.domain.facts import InArea
from portal.domain.ids import RequestId, SlotId, VersionId
from portal.domain.papers import UNIT_READER
from portal.domain.people import Agency
from portal.journeys.deed import Looking, looking
from portal.journeys.house import House, Who
from portal.journeys.reports.asked import asked
from portal.journeys.reports.open_original import ANY, OWN, openable, uploaded_for
from portal.journeys.restricted.about import about
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import areas, papers, people
from portal.records.originals import Original


@dataclass(frozen=True)
class OriginalPage:
    """`subject`: what it was uploaded for; `agency`: whose paper was made of it. `size` is bytes;
    `until` is when it is removed, as the area says today. `others` are those of the paper's other
    versions that the same person may open, the newest first."""

    subject: RequestId
    case: Case
    slot_id: SlotId | None
    agency: Agency
    version_id: VersionId
    received_at: datetime
    sha256: str
    size: int
    until: datetime
    others: tuple[Original, ...]


def own_original(
    house: House, who: Who, request_id: RequestId, of: VersionId | None = None
) -> OriginalPage:
    """For whoever uploaded it. Raises Refused."""
    with looking(house, who.actor, request_id) as look:
        look.require(OWN, asked(look.db, who.actor.area_id, request_id, OWN).facts)
        return _page(look, who, request_id, OWN, of)


def any_original(
    house: House, who: Who, subject: RequestId, of: VersionId | None = None
) -> OriginalPage:
    """For a coordinator: of the report that was asked, or of minutes (`subject_of`). Raises
    Refused."""
    with looking(house, who.actor, subject) as look:
        look.require(ANY, about(look, subject))
        return _page(look, who, subject, ANY, of)


def originals_days(house: House, who: Who) -> int:
    """How long this area keeps them. Raises Refused."""
    action = Action.DECIDE_ORIGINALS_LIMIT
    with looking(house, who.actor) as look:
        look.require(action, InArea(who.actor.area_id))
        area = areas.load(look.db, who.actor.area_id)
        if area is None:
            raise Refused(action, Why.NOT_THERE)
        return area.originals_days


def _page(
    look: Looking, who: Who, subject: RequestId, action: Action, of: VersionId | None
) -> OriginalPage:
    area_id = who.actor.area_id
    reader = who.actor.person_id if action is OWN else UNIT_READER
    found = openable(look.db, area_id, subject, reader)
    wanted = [original for original in found if of in (None, original.version_id)]
    area = areas.load(look.db, area_id)
    if not wanted or area is None:
        raise Refused(action, Why.NOT_THERE)
    original = wanted[-1]
    version = papers.load_version(look.db, area_id, original.version_id)
    document = papers.load_document(look.db, area_id, original.document_id)
    if version is None or document is None:
        raise Refused(action, Why.NOT_THERE)
    agency = people.load_agency(look.db, area_id, document.owner_agency_id)
    if agency is None:
        raise Refused(action, Why.NOT_THERE)
    return OriginalPage(
        subject=subject,
        case=uploaded_for(look.db, area_id, subject),
        slot_id=document.slot_id,
        agency=agency,
        version_id=original.version_id,
        received_at=original.received_at,
        sha256=original.sha256,
        size=version.clear_size,
        until=original.received_at + timedelta(days=area.originals_days),
        others=tuple(each for each in reversed(found) if each != original),
    )
