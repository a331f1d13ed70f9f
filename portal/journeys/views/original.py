"""Whether the original of a report is still there, and until when; never what is in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from portal.domain.facts import InArea
from portal.domain.ids import RequestId
from portal.journeys.deed import looking
from portal.journeys.house import House, Who
from portal.journeys.reports.asked import Asked, asked
from portal.journeys.reports.open_original import ANY, OWN
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import areas, originals, papers


@dataclass(frozen=True)
class OriginalPage:
    """`size` is bytes; `until` is when it is removed, as the area says today."""

    asked: Asked
    sha256: str
    size: int
    until: datetime


def own_original(house: House, who: Who, request_id: RequestId) -> OriginalPage:
    """For whoever uploaded it. Raises Refused."""
    return _page(house, who, request_id, OWN)


def any_original(house: House, who: Who, request_id: RequestId) -> OriginalPage:
    """For a coordinator. Raises Refused."""
    return _page(house, who, request_id, ANY)


def originals_days(house: House, who: Who) -> int:
    """How long this area keeps them. Raises Refused."""
    action = Action.DECIDE_ORIGINALS_LIMIT
    with looking(house, who.actor) as look:
        look.require(action, InArea(who.actor.area_id))
        area = areas.load(look.db, who.actor.area_id)
        if area is None:
            raise Refused(action, Why.NOT_THERE)
        return area.originals_days


def _page(house: House, who: Who, request_id: RequestId, action: Action) -> OriginalPage:
    area_id = who.actor.area_id
    with looking(house, who.actor, request_id) as look:
        at = asked(look.db, area_id, request_id, action)
        look.require(action, at.facts if action is OWN else InArea(area_id))
        original = originals.load(look.db, area_id, request_id)
        version = (
            None if original is None else papers.load_version(look.db, area_id, original.version_id)
        )
        if original is None or version is None:
            raise Refused(action, Why.NOT_THERE)
        if action is OWN and (
            papers.header_for(look.db, area_id, version.id, who.actor.person_id) is None
        ):
            raise Refused(action, Why.NOT_THERE)
    until = original.received_at + timedelta(days=at.area.originals_days)
    return OriginalPage(at, original.sha256, version.clear_size, until)
