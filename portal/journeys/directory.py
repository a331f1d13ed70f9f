"""Whose key is whose: the keys that may receive anything, checked against the ledger each time.

A row of the database is not believed. A key counts only when a coordinator's signed confirmation
of exactly this key stands in the ledger, under a checkpoint that the ledger's own key signed.
Anything else stops the sending and raises an alarm.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from sqlalchemy import Connection

from portal.crypto.fingerprint import fingerprint
from portal.crypto.signing import BadSignature, verify
from portal.domain.deeds import Deed, line
from portal.domain.ids import AreaId, PersonId
from portal.domain.papers import UNIT_READER
from portal.domain.people import system
from portal.journeys.deed import unjudged
from portal.journeys.house import House
from portal.ledger import book, leaf, receipt
from portal.ledger.errors import LedgerError
from portal.notices.kinds import Kind
from portal.records import areas, keys

CONFIRMATION = "portal/v1/confirmation"


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


def statement(area_id: AreaId, person_id: PersonId, found: str) -> bytes:
    """What a coordinator signs: in this area, this person's key has this fingerprint."""
    return f"{area_id}\n{person_id}\n{found}\n".encode()


def confirmed_keys(house: House, db: Connection, area_id: AreaId) -> dict[PersonId, ConfirmedKey]:
    """Every confirmed key of the area. Raises KeyAlarm at the first that does not agree."""
    public = keys.public_keys_of_area(db, area_id)
    confirmations = keys.confirmations_of_area(db, area_id)
    signers = {person: key.sign_public for person, key in public.items()}
    found: dict[PersonId, ConfirmedKey] = {}
    for person_id, key in public.items():
        confirmation = confirmations.get(person_id)
        actual = fingerprint(key.recipient, key.sign_public)
        if confirmation is None:
            continue
        if actual != key.fingerprint or actual != confirmation.fingerprint:
            raise KeyAlarm(person_id, actual, confirmation.fingerprint)
        signer = signers.get(confirmation.confirmed_by)
        if signer is None or not _stands(house, db, area_id, confirmation, signer):
            raise KeyAlarm(person_id, actual, confirmation.fingerprint)
        found[person_id] = ConfirmedKey(person_id, key.recipient, key.sign_public, actual)
    return found


@dataclass(frozen=True)
class UnitRecipient:
    """The unit's public key (raw) and its fingerprint (hex), as the ledger has it."""

    recipient: bytes
    fingerprint: str


def unit_recipient(house: House, db: Connection, area_id: AreaId) -> UnitRecipient:
    """The key of the area's unit, checked against the line that opened the area.

    Raises KeyAlarm when the database holds another.
    """
    row = keys.unit_key_of(db, area_id)
    found = "" if row is None else fingerprint(row.recipient, b"")
    told = proven_line(house, db, area_id, 0)
    expected = "" if told is None else str(told.get("unit_fingerprint", ""))
    if row is None or not found or found != expected:
        raise KeyAlarm(UNIT_READER, found, expected)
    return UnitRecipient(row.recipient, found)


def proven_line(
    house: House, db: Connection, area_id: AreaId, position: int
) -> dict[str, leaf.Value] | None:
    """The line at `position`, when a checkpoint signed by the ledger's key covers it."""
    ledger = house.signer(area_id)
    try:
        entry = book.entries(db, area_id, position, 1)[0]
        proof = book.receipt(db, area_id, position)
        proven, _ = receipt.check(proof, entry.leaf, ledger.known, ledger.origin)
    except (LedgerError, IndexError):
        return None
    return leaf.decode(entry.leaf) if proven == position == entry.position else None


def _stands(
    house: House, db: Connection, area_id: AreaId, given: keys.Confirmation, signer: bytes
) -> bool:
    """Whether the confirmation is signed, and its line stands in the ledger."""
    if given.statement != statement(area_id, given.person_id, given.fingerprint):
        return False
    try:
        verify(signer, CONFIRMATION, given.statement, given.signature)
    except BadSignature:
        return False
    told = proven_line(house, db, area_id, given.ledger_position)
    return told is not None and (
        told["deed"] == Deed.KEY_CONFIRMED.value
        and told["person"] == given.person_id
        and told["fingerprint"] == given.fingerprint
        and told["signature"] == hashlib.sha256(given.signature).hexdigest()
    )


def raise_alarm(house: House, area_id: AreaId, alarm: KeyAlarm) -> None:
    """Leave the alarm's line and tell the unit. The journey that met it has been rolled back."""
    with unjudged(house, system(area_id), Deed.KEY_ALARM) as deed:
        area = areas.load(deed.db, area_id)
        deed.note(
            line(
                Deed.KEY_ALARM,
                person=alarm.person_id,
                found=alarm.found,
                expected=alarm.expected,
            )
        )
        if area is not None:
            deed.tell(Kind.KEY_ALARM, area.unit_email, area=area.name, path="/unit/people/")
