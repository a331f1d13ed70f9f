"""Whether somebody was let in by a colleague lately, in whichever area (MAPPA rule 28).

Each area may vouch once in thirty days, and so may all of them together: the record of the area
that keeps the account says each time that a session opened so, and not where.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection

from portal.domain.deeds import Deed
from portal.domain.ids import AccountId
from portal.ledger import search
from portal.records import people

ONCE_IN = timedelta(days=30)
FACTOR = "vouched"


def vouched_before(db: Connection, account_id: AccountId, now: datetime) -> bool:
    """Ask it under the lock of the area that keeps the account."""
    return any(
        search.newest_about(
            db,
            person.area_id,
            Deed.SESSION_OPENED.value,
            {"person": person.id, "factor": FACTOR},
            since=now - ONCE_IN,
        )
        for person in people.of_account(db, account_id)
    )
