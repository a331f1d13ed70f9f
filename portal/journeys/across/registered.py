"""Whether an area knows somebody by the key that their session has opened.

That a row of an area says whose account it is proves nothing, nor that it holds a key: the key must
be that very one, and the area's record must not say that it ended, nor that its owner left.
"""

from __future__ import annotations

from sqlalchemy import Connection

from portal.crypto.keyring import Keyring, matches
from portal.domain.people import Person
from portal.journeys.giving.ended import has_left
from portal.journeys.keys.standing import ended_keys
from portal.records import keys


def is_registered(db: Connection, person: Person, keyring: Keyring) -> bool:
    """`person` as the area has them."""
    public = keys.public_key_of(db, person.area_id, person.id)
    if public is None or not matches(keyring, public.recipient, public.sign_public):
        return False
    if has_left(db, person.area_id, person.id):
        return False
    return public.fingerprint not in ended_keys(db, person.area_id)
