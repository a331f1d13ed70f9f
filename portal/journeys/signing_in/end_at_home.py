"""Somebody's sessions end because of what their area did, where that area keeps their account.

Elsewhere the account is not the area's. What a person may do is read anew in each request, and
before each piece of a paper, so they lose it there at once all the same.
"""

from __future__ import annotations

from sqlalchemy import Connection

from portal.domain.people import Person
from portal.records import sessions


def end_at_home(db: Connection, person: Person) -> int:
    """Returns how many sessions ended."""
    return sessions.end_all(db, person.account_id) if person.at_home else 0
