"""Whose key is whose: the keys that may receive anything, checked against the ledger each time.

A row of the database is not believed. A key counts only when a coordinator's signed confirmation
of exactly this key stands in the ledger, under a checkpoint that the ledger's own key signed.
The signature may be one made with joining words which that coordinator gave to the key's owner,
or by a key that was confirmed so, with which its owner changed to this one.
Anything else stops the sending and raises an alarm. So do another name or agency on the row of
the key's owner: a confirmation is of a person, and says which.
"""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass

from sqlalchemy import Connection

from portal.crypto.fingerprint import fingerprint
from portal.domain.deeds import Deed
from portal.domain.ids import AreaId, PersonId
from portal.domain.people import Person
from portal.journeys.house import House
from portal.journeys.keys.proven import proven_line
from portal.journeys.keys.reached import is_callback
from portal.journeys.keys.standing import stands
from portal.ledger import leaf, search
from portal.records import former_keys, keys, people

ENDS = frozenset({Deed.PERSON_RENEWED.value, Deed.KEY_CHANGED.value})


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
    owners = people.of_area(db, area_id)
    ended = ended_keys(db, area_id)
    return {
        person_id: _agreed(
            house,
            db,
            key,
            confirmations[person_id],
            owners.get(person_id),
            public.get(confirmations[person_id].confirmed_by),
            ended,
        )
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
    owner = people.load(db, area_id, person_id)
    signer = keys.public_key_of(db, area_id, confirmation.confirmed_by)
    return _agreed(house, db, key, confirmation, owner, signer, ended_keys(db, area_id))


def key_at(
    house: House, db: Connection, area_id: AreaId, person_id: PersonId, position: int
) -> ConfirmedKey | None:
    """The person's confirmed key when the ledger's line at `position` was written: the one they
    have, or a former one, whose confirmation and whose end are proven. None where there is none.

    The caller proves that the line at `position` is the one that what was signed belongs to. Raises
    KeyAlarm as `confirmed_key`.
    """
    former = former_keys.of_person(db, area_id, person_id)
    key = next((each for each in former if position < each.ended_position), None)
    if key is None:
        return confirmed_key(house, db, area_id, person_id)
    told = proven_line(house, db, area_id, key.ended_position)
    given = former_keys.confirmation(key, house.clock.now())
    owner = people.load(db, area_id, person_id)
    signer = keys.public_key_of(db, area_id, key.confirmed_by)
    if (
        told is None
        or told["deed"] not in ENDS
        or told["person"] != person_id
        or told["former"] != key.fingerprint
        or fingerprint(key.recipient, key.sign_public) != key.fingerprint
        or owner is None
        or not stands(house, db, owner, given, signer)
    ):
        raise KeyAlarm(person_id, key.fingerprint, "")
    return ConfirmedKey(person_id, key.recipient, key.sign_public, key.fingerprint)


def ended_keys(db: Connection, area_id: AreaId) -> dict[str, int]:
    """The fingerprints that the ledger says were ended, with the line that did: rows that bring one
    back change nothing.

    The lines are believed as they stand, for they only take away.
    """
    lines = search.of_deeds(db, area_id, ENDS, lambda _told: True)
    return {str(leaf.decode(entry.leaf)["former"]): entry.position for entry in lines}


def _agreed(
    house: House,
    db: Connection,
    key: keys.PublicKey,
    confirmation: keys.Confirmation,
    owner: Person | None,
    signer: keys.PublicKey | None,
    ended: Container[str],
) -> ConfirmedKey:
    """The key, when row, confirmation, signature and ledger say the same; else KeyAlarm."""
    actual = fingerprint(key.recipient, key.sign_public)
    if (
        actual != key.fingerprint
        or actual != confirmation.fingerprint
        or actual in ended
        or owner is None
        or not stands(house, db, owner, confirmation, signer)
    ):
        raise KeyAlarm(key.person_id, actual, confirmation.fingerprint)
    return ConfirmedKey(key.person_id, key.recipient, key.sign_public, actual)


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
