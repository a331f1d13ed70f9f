"""A single point of contact says who covers for whom, until when.

What the one who is away had taken on passes to the one who covers, with a line each: papers do not,
for they are sealed to people and not to posts (MAPPA rules 18 and 54).
"""

from __future__ import annotations

from datetime import datetime

from portal.domain.colleagues import LONGEST_COVER
from portal.domain.deeds import Deed, line
from portal.domain.ids import PersonId
from portal.domain.papers import RequestStatus
from portal.domain.people import Account, Role
from portal.journeys.agencies.colleague import colleague, facts_of
from portal.journeys.deed import Doing, doing
from portal.journeys.house import House, Who
from portal.journeys.unacceptable import Unacceptable
from portal.policy.actions import Action
from portal.records import claims, colleagues, papers

ACTION = Action.SPOC_COVER_SET


def cover_colleague(
    house: House, who: Who, person_id: PersonId, by: PersonId, until: datetime
) -> int:
    """`until` is aware, at most 92 days ahead. Returns how many requests passed over. Raises
    Refused, or Unacceptable (`by`, `until`)."""
    with doing(house, who.actor, ACTION, subject=person_id) as deed:
        away = colleague(deed, person_id, ACTION)
        deed.require(facts_of(away))
        covering = colleague(deed, by, ACTION)
        if covering.agency_id != away.agency_id or covering.account is not Account.ENROLLED:
            raise Unacceptable("by", "Choose somebody of your agency who has joined.")
        if covering.id == away.id or Role.CONTACT not in covering.roles:
            raise Unacceptable("by", "Choose another contact: contacts answer report requests.")
        if not deed.now < until <= deed.now + LONGEST_COVER:
            raise Unacceptable("until", "Choose a day from tomorrow, within three months.")
        colleagues.save_cover(deed.db, colleagues.Cover(away.id, deed.area_id, covering.id, until))
        deed.note(
            line(Deed.COVER_SET, person=away.id, covering=covering.id, until=until.isoformat())
        )
        return _pass_over(deed, away.id, covering.id)


def _pass_over(deed: Doing, away: PersonId, covering: PersonId) -> int:
    passed = 0
    for claim in claims.of_person(deed.db, deed.area_id, away):
        request = papers.load_request(deed.db, deed.area_id, claim.request_id)
        if request is None or request.status is not RequestStatus.REQUESTED:
            continue
        claims.save(deed.db, claims.Claim(request.id, deed.area_id, covering, deed.now))
        deed.note(line(Deed.REQUEST_PASSED, request=request.id, person=covering, before=away))
        passed += 1
    return passed
