"""Whether the original of a report is still there, and until when; never what is in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from portal.domain.facts import InArea
from portal.domain.ids import RequestId, VersionId
from portal.domain.papers import UNIT_READER
from portal.journeys.deed import looking
from portal.journeys.house import House, Who
from portal.journeys.reports.asked import Asked, asked
from portal.journeys.reports.open_original import ANY, OWN, openable
from portal.journeys.restricted.about import about
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import areas, papers
from portal.records.originals import Original


@dataclass(frozen=True)
class OriginalPage:
    """`size` is bytes; `until` is when it is removed, as the area says today. `others` are those of
    the report's other versions that the same person may open, the newest first."""

    asked: Asked
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
    return _page(house, who, request_id, OWN, of)


def any_original(
    house: House, who: Who, request_id: RequestId, of: VersionId | None = None
) -> OriginalPage:
    """For a coordinator. Raises Refused."""
    return _page(house, who, request_id, ANY, of)


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
    house: House, who: Who, request_id: RequestId, action: Action, of: VersionId | None
) -> OriginalPage:
    area_id = who.actor.area_id
    with looking(house, who.actor, request_id) as look:
        at = asked(look.db, area_id, request_id, action)
        look.require(action, at.facts if action is OWN else about(look, request_id))
        reader = who.actor.person_id if action is OWN else UNIT_READER
        found = openable(look.db, area_id, request_id, reader)
        wanted = [original for original in found if of in (None, original.version_id)]
        version = papers.load_version(look.db, area_id, wanted[-1].version_id) if wanted else None
        if version is None:
            raise Refused(action, Why.NOT_THERE)
    original = wanted[-1]
    return OriginalPage(
        asked=at,
        version_id=original.version_id,
        received_at=original.received_at,
        sha256=original.sha256,
        size=version.clear_size,
        until=original.received_at + timedelta(days=at.area.originals_days),
        others=tuple(each for each in reversed(found) if each != original),
    )
