"""A coordinator takes back what was sent, at once, from everybody or from one person.

It takes no code, since it only removes: the rule refuses from this moment, the wraps are
deleted, and the page says who had opened it, and when. A copy already saved is beyond recall.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from portal.domain.deeds import Deed, line
from portal.domain.facts import InArea
from portal.domain.grants import Grant, GrantState, Sending, SendingKind
from portal.domain.ids import PersonId, SendingId
from portal.journeys.changed import Changed
from portal.journeys.deed import Doing, doing
from portal.journeys.digests import keep_text, salted
from portal.journeys.directory import unit_recipient
from portal.journeys.granting import assert_exact, end_grants
from portal.journeys.house import House, Who
from portal.notices.kinds import Kind
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import areas, people, sendings

LIVING = (GrantState.GRANTED, GrantState.WAITING)


@dataclass(frozen=True)
class TakenBack:
    """From whom it was taken back, and who had opened it before: name and first time."""

    sending: Sending
    names: tuple[str, ...]
    opened: tuple[tuple[str, datetime], ...]


def take_back(
    house: House,
    who: Who,
    sending_id: SendingId,
    reason: str = "",
    person_id: PersonId | None = None,
) -> TakenBack:
    """Take back a sending, or one person's copy of it. `reason` may be empty: speed comes first.

    Doing it twice is no error: the second finds nothing living, and says the same.
    """
    with doing(house, who.actor, Action.DECIDE_ACCESS_TAKE_BACK, sending_id) as deed:
        deed.require(InArea(deed.area_id))
        sending = sendings.load_sending(deed.db, deed.area_id, sending_id)
        if sending is None:
            raise Refused(Action.DECIDE_ACCESS_TAKE_BACK, Why.NOT_THERE)
        grants = [
            grant
            for grant in sendings.grants_of_sending(deed.db, deed.area_id, sending_id)
            if person_id in (None, grant.person_id)
        ]
        if not grants:
            raise Refused(Action.DECIDE_ACCESS_TAKE_BACK, Why.NOT_THERE)
        living = [grant for grant in grants if grant.state in LIVING]
        for grant in living:
            _settle(deed, grant)
        end_grants(deed.db, living)
        assert_exact(deed.db, deed.area_id, {grant.version_id for grant in grants})
        opened = _first_openings(deed, sending_id, {grant.person_id for grant in grants})
        given = salted(reason)
        if reason:
            unit = unit_recipient(house, deed.db, deed.area_id)
            keep_text(deed, sending_id, f"take_back-{deed.now:%s%f}", given, [unit.recipient])
        deed.note(
            line(
                Deed.ACCESS_TAKEN_BACK,
                sending=sending_id,
                persons=[grant.person_id for grant in living],
                opened_by=list(opened),
                reason=given.digest if reason else "",
            )
        )
        return _tell(deed, sending, grants, living, opened)


def _settle(deed: Doing, grant: Grant) -> None:
    moved = sendings.settle_grant(
        deed.db,
        grant,
        GrantState.TAKEN_BACK,
        deed.now,
        manifest_id=grant.manifest_id,
        opens_at=grant.opens_at,
        closes_at=grant.closes_at,
    )
    if not moved:
        raise Changed


def _first_openings(
    deed: Doing, sending_id: SendingId, readers: set[PersonId]
) -> dict[PersonId, datetime]:
    first: dict[PersonId, datetime] = {}
    for opening in sendings.openings_of(deed.db, deed.area_id, sending_id):
        if opening.person_id in readers:
            first.setdefault(opening.person_id, opening.opened_at)
    return first


def _tell(
    deed: Doing,
    sending: Sending,
    grants: list[Grant],
    living: list[Grant],
    opened: dict[PersonId, datetime],
) -> TakenBack:
    found = people.of_area(deed.db, deed.area_id)
    area = areas.load(deed.db, deed.area_id)
    kind = Kind.MINUTES_TAKEN_BACK if sending.kind is SendingKind.MINUTES else Kind.PACK_TAKEN_BACK
    for grant in living:
        if area is not None:
            deed.tell(
                kind,
                found[grant.person_id].email,
                area=area.name,
                reference=sending.reference,
                phone=area.phone,
            )
    return TakenBack(
        sending,
        tuple(found[grant.person_id].name for grant in grants),
        tuple((found[person].name, at) for person, at in opened.items()),
    )
