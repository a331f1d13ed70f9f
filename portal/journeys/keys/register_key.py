"""A key of somebody's in an area: its public half, and the line that says so.

It receives nothing there until one of that area's co-ordinators has confirmed its words.
"""

from __future__ import annotations

from portal.crypto.fingerprint import fingerprint
from portal.crypto.keyring import Keyring
from portal.domain.deeds import Deed, line
from portal.domain.people import Person
from portal.journeys.deed import Doing
from portal.records import keys


def register_key(deed: Doing, person: Person, keyring: Keyring) -> None:
    """In a deed, or a part of one, of the area that `person` is of; in place of the key they had
    there."""
    recipient, sign_public = keyring.recipient(), keyring.signing_public()
    own = fingerprint(recipient, sign_public)
    keys.save_public_key(
        deed.db,
        keys.PublicKey(person.id, person.area_id, recipient, sign_public, own, deed.now),
    )
    deed.note(line(Deed.KEY_REGISTERED, person=person.id, fingerprint=own))
