"""Whose key is whose: the keys that may receive anything, checked against the ledger each time.

A row of the database is not believed. A key counts only when a coordinator's signed confirmation
of exactly this key stands in the ledger, under a checkpoint that the ledger's own key signed.
The signature may be one made with joining words which that coordinator gave to the key's owner,
or by a key that was confirmed so, with which its owner changed to this one (`standing`).
Anything else stops the sending and raises an alarm. So do another name or agency on the row of
the key's owner: a confirmation is of a person, and says which.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from portal.crypto.fingerprint import fingerprint
from portal.domain.deeds import Deed
from portal.domain.ids import AreaId, PersonId
from portal.domain.people import Person
from portal.journeys.house import House
from portal.journeys.keys.proven import proven_line
from portal.journeys.keys.reached import is_callback
from portal.journeys.keys.standing import Held, Standing, held
from portal.ledger import leaf, search
from portal.records import keys


@dataclass(frozen=True)
class ConfirmedKey:
    """A key that may receive: its owner, both public halves (raw), its fingerprint (hex)."""

    person_id: PersonId
    recipient: bytes
    sign_public: bytes
    fingerprint: str


class KeyAlarm(Exception):
    """The database holds another key than the one that was confirmed."""

    def __init__(self, person_id: PersonId, found: str, expected: str) -> None:
        super().__init__(person_id)
        self.person_id = person_id
        self.found = found
        self.expected = expected


def confirmed_keys(house: House, db: Connection, area_id: AreaId) -> dict[PersonId, ConfirmedKey]:
    """Every confirmed key of the area. Raises KeyAlarm at the first that does not agree."""
    public = keys.public_keys_of_area(db, area_id)
    confirmations = keys.confirmations_of_area(db, area_id)
    standing = Standing(house, db, area_id)
    return {
        person_id: _agreed(standing, held(key, confirmations[person_id]))
        for person_id, key in public.items()
        if person_id in confirmations
    }


def confirmed_key(
    house: House, db: Connection, area_id: AreaId, person_id: PersonId
) -> ConfirmedKey | None:
    """One person's confirmed key, at a price that does not grow with the area; None where none is
    confirmed. Raises KeyAlarm when what is there does not agree."""
    key = keys.public_key_of(db, area_id, person_id)
    confirmation = keys.confirmation_of(db, area_id, person_id)
    if key is None or confirmation is None:
        return None
    return _agreed(Standing(house, db, area_id), held(key, confirmation))


def key_at(
    house: House, db: Connection, area_id: AreaId, person_id: PersonId, position: int
) -> ConfirmedKey | None:
    """The person's confirmed key when the ledger's line at `position` was written: the one they
    have, or a former one, whose confirmation and whose end are proven. None where there is none.

    The caller proves that the line at `position` is the one that what was signed belongs to. Raises
    KeyAlarm as `confirmed_key`.
    """
    standing = Standing(house, db, area_id)
    key = standing.held_at(person_id, position)
    return None if key is None else _agreed(standing, key)


def _agreed(standing: Standing, key: Held) -> ConfirmedKey:
    """The key, when row, confirmation, signature and ledger say the same; else KeyAlarm."""
    if not standing.proves(key):
        actual = fingerprint(key.recipient, key.sign_public)
        raise KeyAlarm(key.given.person_id, actual, key.given.fingerprint)
    return ConfirmedKey(key.given.person_id, key.recipient, key.sign_public, key.fingerprint)


def require_as_invited(house: House, db: Connection, person: Person, found: str) -> None:
    """Raise KeyAlarm unless the ledger says that this person was invited, or lately given other
    roles, with just these roles, for this agency, under this name, address and telephone number: a
    role that was slipped into the row must not be handed the unit's key, nor a coordinator ring a
    number that was slipped in."""
    told = _newest_standing(house, db, person)
    roles = sorted(role.value for role in person.roles)
    listed = None if told is None else told["roles"]
    if (
        told is None
        or told["agency"] != person.agency_id
        or not isinstance(listed, list | tuple)
        or list(listed) != roles
        or not is_callback(house, person, told.get("callback"))
    ):
        raise KeyAlarm(person.id, found, "")


def _newest_standing(house: House, db: Connection, person: Person) -> dict[str, leaf.Value] | None:
    """The proven line that last said who this person is and what they do."""
    found = [
        search.newest_about(db, person.area_id, deed.value, {"person": person.id})
        for deed in (Deed.PERSON_INVITED, Deed.ROLES_CHANGED)
    ]
    newest = max((entry.position for entry in found if entry is not None), default=None)
    return None if newest is None else proven_line(house, db, person.area_id, newest)
