"""What is asked before somebody who has not joined is sent another link: that they are who was
invited, have not joined, and were not sent several within a day.

Each link goes out as a letter to an address outside, so that nobody's mailbox is filled, and no
link is made useless by the next before its owner could follow it.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection

from portal.domain.deeds import Deed
from portal.domain.ids import AreaId
from portal.domain.people import Person
from portal.journeys.house import House
from portal.journeys.joining.joined_before import JoinedBefore, require_joins_first
from portal.journeys.keys.directory import require_as_invited
from portal.journeys.unacceptable import Unacceptable
from portal.ledger import book, leaf, search

MOST_A_DAY = 5
DAY = timedelta(days=1)


def require_may_have_link(
    house: House, db: Connection, person: Person, now: datetime, field: str = ""
) -> None:
    """Raise KeyAlarm where the record does not say that this person was invited as their row says,
    or says that they have joined or left; Unacceptable (`field`) where they were sent too many."""
    require_as_invited(house, db, person, "")
    try:
        require_joins_first(house, db, person)
    except JoinedBefore as met:
        raise met.alarm from None
    require_few(db, person.area_id, Deed.PERSON_INVITED, {"person": person.id}, now, field)


def require_few(
    db: Connection,
    area_id: AreaId,
    deed: Deed,
    about: dict[str, str],
    now: datetime,
    field: str = "",
) -> None:
    """Raise Unacceptable (`field`) where the record holds as many lines of this deed about this,
    within the last day, as there may be. `about` names a `person`."""
    size, named = book.head(db, area_id).size, about["person"].encode()
    lines = search.newest_first(
        db, area_id, below=size, most=size, deed=deed.value, since=now - DAY
    )
    told = (leaf.decode(each.leaf) for each in lines if named in each.leaf)
    sent = sum(all(each.get(key) == value for key, value in about.items()) for each in told)
    if sent >= MOST_A_DAY:
        raise Unacceptable(
            field,
            f"{MOST_A_DAY} letters of this kind went to one person within a day. Ring them, or try "
            "again tomorrow. Nothing was sent.",
        )
