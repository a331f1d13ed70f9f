"""Whether a copy may go on being handed over, asked before every piece of it.

The whole question (is the grant still open, do the account and the session still live) is asked
before the first piece, at least once a second, and as soon as anything about them is not as it
was. In between, unchanged rows and a time within the window are the same answer, and much cheaper.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from portal.domain.ids import GrantId
from portal.domain.people import Actor
from portal.journeys.deed import Looking, looking
from portal.journeys.house import House
from portal.records import sendings, sessions
from portal.records.standing import standing

_AGAIN = timedelta(seconds=1)

WholeQuestion = Callable[[Looking, GrantId, datetime], datetime]
"""Returns the time, later than the one it was given; raises Refused or ClockDoubted."""


class HandingOver:
    """One copy on its way to one reader in one session, since it was opened."""

    def __init__(
        self,
        house: House,
        actor: Actor,
        grant_id: GrantId,
        session_id: bytes,
        since: datetime,
        still_open: WholeQuestion,
    ) -> None:
        self._still_open = still_open
        self._house = house
        self._actor = actor
        self._grant_id = grant_id
        self._session_id = session_id
        self._last = since
        self._asked: datetime | None = None
        self._until: datetime | None = None
        self._seen: tuple[object, ...] | None = None

    def go_on(self) -> None:
        """Raises Refused (which leaves its line) or ClockDoubted when no further byte may go."""
        now = self._house.clock.now()
        actor = self._actor
        seen = standing(
            self._house.engine, actor.area_id, self._grant_id, actor.person_id, self._session_id
        )
        if seen is not None and seen == self._seen and self._goes_on(now):
            self._last = now
            return
        with looking(self._house, actor, self._grant_id) as look:
            self._last = self._asked = self._still_open(look, self._grant_id, self._last)
            grant = sendings.load_grant(look.db, actor.area_id, self._grant_id)
            session = sessions.load(look.db, self._session_id)
        self._until = _sooner(
            None if grant is None else grant.closes_at,
            None if session is None else session.ends_at,
        )
        # Looked at before the question was asked: what changed in between shows at the next piece.
        self._seen = seen

    def _goes_on(self, now: datetime) -> bool:
        if self._asked is None or self._until is None:
            return False
        return self._last <= now < self._until and now - self._asked < _AGAIN


def _sooner(closes_at: datetime | None, ends_at: datetime | None) -> datetime | None:
    return None if closes_at is None or ends_at is None else min(closes_at, ends_at)
