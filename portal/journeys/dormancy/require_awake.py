"""Somebody with the right passphrase and code, whose account was not used for too long.

Only they are told why they are not let in: before that every answer is the one for everybody. What
they had begun ends, and whoever may open the account again is told that they came.
"""

from __future__ import annotations

from datetime import datetime

from portal.domain.deeds import Deed, line
from portal.journeys.deed import unjudged
from portal.journeys.dormancy.asleep import asleep_since
from portal.journeys.dormancy.spokespeople import tell_spokespeople
from portal.journeys.house import House
from portal.journeys.signing_in.recall import Recalled
from portal.notices.kinds import Kind
from portal.records import sessions
from portal.records.database import reading


class Dormant(Exception):
    """The account is closed until it is opened again. `phone` is the unit's."""

    def __init__(self, since: datetime, phone: str) -> None:
        super().__init__("not used")
        self.since = since
        self.phone = phone


def require_awake(house: House, half: Recalled) -> None:
    """Call it once everything asked of them was proved. Raises Dormant."""
    with reading(house.engine) as db:
        since = asleep_since(db, half.person, house.clock.now())
    if since is None:
        return
    with unjudged(house, half.actor(), Deed.DORMANT_CAME) as deed:
        sessions.end(deed.db, half.session.id)
        deed.note(line(Deed.DORMANT_CAME, person=half.person.id, since=since.isoformat()))
        deed.tell(
            Kind.DORMANT_CAME,
            half.area.unit_email,
            area=half.area.name,
            path="/unit/people/dormant",
        )
        tell_spokespeople(deed, Kind.DORMANT_CAME, half.area, half.person)
    raise Dormant(since, half.area.phone)
