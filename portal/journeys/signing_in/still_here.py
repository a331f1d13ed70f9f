"""Whether somebody is still here when a session of theirs begins, by the row and by the record.

The ledger's line that somebody left does not go away with their rows: nobody comes back to the same
account, and rows that somebody put back change nothing.
"""

from __future__ import annotations

from sqlalchemy import Connection

from portal.domain.ids import PersonId
from portal.domain.people import Account, Person
from portal.journeys.giving.ended import has_left
from portal.journeys.signing_in.attempting import NotRight
from portal.records import people


def still_here(db: Connection, person_id: PersonId) -> Person:
    """The person, read under the lock under which their session begins. Raises NotRight for whoever
    left meanwhile."""
    found = people.by_id(db, person_id)
    if found is None or found.account is not Account.ENROLLED:
        raise NotRight
    return found


def require_here(db: Connection, person: Person) -> None:
    """Raise NotRight where the record says that they left: the area they are of, or the one that
    keeps their account."""
    home = None if person.at_home else people.at_home(db, person.account_id)
    for each in (person, home):
        if each is not None and has_left(db, each.area_id, each.id):
            raise NotRight
