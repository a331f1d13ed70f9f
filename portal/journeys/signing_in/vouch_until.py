"""For which meeting somebody may be let in by a colleague, until when, and whether they may now.

What is said on the page is what is kept: a vouch is given only so long before a meeting that the
session, which lasts as long as a second factor would, covers that meeting. Of more meetings on the
day it covers what that time covers. Words that were typed for a screen which is lost take nothing
away: of several vouched screens one opens (sign_in.enter).
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import Connection

from portal.domain.clocks import in_words
from portal.domain.ids import AreaId
from portal.domain.people import Person
from portal.journeys.signing_in.vouched_before import vouched_before
from portal.journeys.unacceptable import Unacceptable
from portal.policy.judge import factor_lasts
from portal.records import meetings
from portal.records.sessions import Session

MEETING_LASTS = timedelta(hours=4)
TOLD_AHEAD = timedelta(hours=24)
"""How long before a meeting it is said when it can be done: no earlier, for whoever asks learns
when that meeting is."""


def vouch_until(db: Connection, area_id: AreaId, person: Person, now: datetime) -> datetime:
    """Until when they may read. Raises Unacceptable (`words`) where nobody may let them in now."""
    until = _over_at(db, area_id, person, now)
    if vouched_before(db, person.account_id, now):
        # Not on which day: where it was may be another area's.
        raise Unacceptable("words", "They were let in this way once already within thirty days.")
    return until


def name_of(screen: Session) -> str:
    """What a line calls the screen that was vouched for."""
    return hashlib.sha256(screen.id).hexdigest()


def _over_at(db: Connection, area_id: AreaId, person: Person, now: datetime) -> datetime:
    lasts = factor_lasts(person.roles)
    invited = {entry.slot_id for entry in meetings.invitations_of(db, area_id, person.id)}
    begins = sorted(
        slot.starts_at
        for slot in meetings.slots_of_area(db, area_id)
        if slot.id in invited and slot.starts_at + MEETING_LASTS > now
    )
    if not begins or begins[0] > now + TOLD_AHEAD:
        raise Unacceptable("words", "They have no meeting within a day. They can wait for a code.")
    first = begins[0] + MEETING_LASTS - lasts
    if now < first:
        raise Unacceptable(
            "words", f"It is too early: they can be let in from {in_words(first)}, and not before."
        )
    over = max(at + MEETING_LASTS for at in begins if at < now + lasts)
    return min(over, (now + lasts).replace(second=0, microsecond=0))
