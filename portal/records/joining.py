"""Whose joining is under way: what they have saved of it waits for them as long as their link."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Select, select

from portal.domain.people import Account
from portal.records.people import people
from portal.records.sessions import joining_links

Joining = Select[tuple[str]]


def accounts_joining(now: datetime) -> Joining:
    """The accounts of those who have a living link and have not finished, as a subquery."""
    return (
        select(people.c.account_id)
        .join(joining_links, joining_links.c.person_id == people.c.id)
        .where(
            people.c.account == Account.INVITED,
            joining_links.c.used_at.is_(None),
            joining_links.c.expires_at > now,
        )
    )
