"""Whether an account is closed because nobody used it (MAPPA rule 81), as the ledger tells it.

It is judged each time somebody comes, never by a timer, and from lines that nobody can change. The
last co-ordinator of an area who might open the others' accounts never falls asleep: where all of
them have been away too long, any of them may come back.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection

from portal.domain.deeds import Deed
from portal.domain.dormancy import WOKEN_LASTS
from portal.domain.ids import AreaId, PersonId
from portal.domain.people import Account, Person, Role
from portal.journeys.roles.other_coordinators import other_coordinators
from portal.ledger import leaf, search
from portal.records import areas

USES = (Deed.SESSION_OPENED, Deed.PERSON_JOINED, Deed.ACCOUNT_MOVED)
"""An account that came from another area brings the time with it when it was last used there."""


def asleep_since(db: Connection, person: Person, now: datetime) -> datetime | None:
    """When the account was last used, where it is closed for that; None where it is not.

    The price is a look at the sign-ins of the area's time, and at all of them for whom is asleep.
    """
    area = areas.load(db, person.area_id)
    if area is None or person.account is not Account.ENROLLED:
        return None
    if not person.at_home:
        # Where the account is kept it is judged, by the sign-ins that stand in that area's ledger.
        return None
    since = now - timedelta(days=area.dormant_days)
    if _is_awake(db, person, since, now):
        return None
    if Role.COORDINATOR in person.roles and not any(
        _is_awake(db, other, since, now) for other in other_coordinators(db, person)
    ):
        return None
    return last_used(db, person)


def last_used(db: Connection, person: Person) -> datetime:
    """When the account was last used, in the area that keeps it."""
    return _newest(db, person.area_id, person.id, USES, None) or person.created_at


def _is_awake(db: Connection, person: Person, since: datetime, now: datetime) -> bool:
    if _newest(db, person.area_id, person.id, USES, since) is not None:
        return True
    woken = _newest(db, person.area_id, person.id, (Deed.ACCOUNT_WOKEN,), now - WOKEN_LASTS)
    return woken is not None


def _newest(
    db: Connection,
    area_id: AreaId,
    person_id: PersonId,
    deeds: tuple[Deed, ...],
    since: datetime | None,
) -> datetime | None:
    found = [_used_at(db, area_id, person_id, deed, since) for deed in deeds]
    return max((at for at in found if at is not None), default=None)


def _used_at(
    db: Connection, area_id: AreaId, person_id: PersonId, deed: Deed, since: datetime | None
) -> datetime | None:
    entry = search.newest_about(db, area_id, deed.value, {"person": person_id}, since=since)
    if entry is None or deed is not Deed.ACCOUNT_MOVED:
        return None if entry is None else entry.recorded_at
    used_at = datetime.fromisoformat(str(leaf.decode(entry.leaf)["used_at"]))
    return used_at if since is None or used_at >= since else None
