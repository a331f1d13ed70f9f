"""A coordinator takes back what was sent, at once, from everybody or from one person.

It takes no code, since it only removes: the rule refuses from this moment, the wraps are
deleted, and the page says who had opened it, and when. A copy already saved is beyond recall.
Nothing that somebody did to the database, nor a doubted clock, keeps the unit from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from portal.domain.deeds import Deed, line
from portal.domain.grants import Grant, GrantState, Sending
from portal.domain.ids import PersonId, SendingId
from portal.journeys.deed import Doing, doing
from portal.journeys.digests import field_at, keep_text, salted
from portal.journeys.giving.granting import LIVING, assert_ended, end_grants
from portal.journeys.giving.settling import settle
from portal.journeys.giving.telling import tell_taken_back
from portal.journeys.house import House, Who
from portal.journeys.keys.alarm import raise_alarm
from portal.journeys.keys.directory import KeyAlarm
from portal.journeys.keys.unit_of import unit_behind
from portal.journeys.restricted.about import about
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import areas, people, sendings

ACTION = Action.DECIDE_ACCESS_TAKE_BACK


@dataclass(frozen=True)
class TakenBack:
    """From whom it was taken back, and who had opened it before: name and first time.

    `names` is empty when there was nothing left to take back. `reason_kept` is False where a
    reason was given and the unit's key could not be believed, so that it was sealed to nobody.
    """

    sending: Sending
    names: tuple[str, ...]
    opened: tuple[tuple[str, datetime], ...]
    reason_kept: bool = True


def take_back(
    house: House,
    who: Who,
    sending_id: SendingId,
    reason: str = "",
    person_id: PersonId | None = None,
) -> TakenBack:
    """Take back a sending, or one person's copy of it. `reason` may be empty: speed comes first.

    Doing it twice is no error: the second finds nothing living, and says who had opened it.
    """
    alarm: KeyAlarm | None = None
    with doing(house, who.actor, ACTION, sending_id) as deed:
        deed.require(about(deed, sending_id))
        sending = sendings.load_sending(deed.db, deed.area_id, sending_id)
        grants = [
            grant
            for grant in sendings.grants_of_sending(deed.db, deed.area_id, sending_id)
            if person_id in (None, grant.person_id)
        ]
        if sending is None or not grants:
            raise Refused(ACTION, Why.NOT_THERE)
        living = [grant for grant in grants if grant.state in LIVING]
        for grant in living:
            settle(deed, grant, GrantState.TAKEN_BACK)
        end_grants(deed.db, grants)
        assert_ended(deed.db, grants)
        opened = _first_openings(deed, sending_id, {grant.person_id for grant in grants})
        digest = ""
        try:
            digest = _keep_reason(deed, sending_id, reason.strip())
        except KeyAlarm as met:
            alarm = met
        deed.note(
            line(
                Deed.ACCESS_TAKEN_BACK,
                sending=sending_id,
                persons=[grant.person_id for grant in living],
                opened_by=list(opened),
                reason=digest,
            )
        )
        names = _tell(deed, sending, living)
        found = people.of_area(deed.db, deed.area_id)
    if alarm is not None:
        raise_alarm(house, who.actor.area_id, alarm)
    return TakenBack(
        sending,
        names,
        tuple((found[person].name, at) for person, at in opened.items()),
        reason_kept=alarm is None,
    )


def _keep_reason(deed: Doing, sending_id: SendingId, reason: str) -> str:
    if not reason:
        return ""
    unit = unit_behind(deed.house, deed.db, deed.area_id, sending_id)
    given = salted(reason)
    keep_text(deed, sending_id, field_at("take_back", deed.now), given, [unit.recipient])
    return given.digest


def _first_openings(
    deed: Doing, sending_id: SendingId, readers: set[PersonId]
) -> dict[PersonId, datetime]:
    first: dict[PersonId, datetime] = {}
    for opening in sendings.openings_of(deed.db, deed.area_id, sending_id):
        if opening.person_id in readers:
            first.setdefault(opening.person_id, opening.opened_at)
    return first


def _tell(deed: Doing, sending: Sending, living: list[Grant]) -> tuple[str, ...]:
    found = people.of_area(deed.db, deed.area_id)
    area = areas.load(deed.db, deed.area_id)
    for grant in living:
        if area is not None:
            tell_taken_back(deed, area, sending, found[grant.person_id], grant)
    return tuple(found[grant.person_id].name for grant in living)
