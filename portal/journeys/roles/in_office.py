"""Who holds a role of an area that counts, as rows tell it: for lists, letters and "who else".

A role counts once its holder's key is confirmed (`counting`, which asks it of whoever acts). What
is done with a role is asked of the record as well.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection

from portal.domain.ids import AreaId
from portal.domain.people import Account, Person, Role
from portal.records import keys, people


def in_office(db: Connection, area_id: AreaId, roles: Collection[Role]) -> list[Person]:
    """The area's living people who have one of these roles and whose key, the very one they have
    now, is confirmed. Three queries. Who acts as deputy for a time is not among them."""
    public = keys.public_keys_of_area(db, area_id)
    confirmed = keys.confirmations_of_area(db, area_id)
    return [
        person
        for person in people.of_area(db, area_id).values()
        if person.account is Account.ENROLLED
        and person.roles & set(roles)
        and person.id in public
        and person.id in confirmed
        and confirmed[person.id].fingerprint == public[person.id].fingerprint
    ]
