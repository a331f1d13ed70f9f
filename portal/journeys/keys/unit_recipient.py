"""The key of an area's unit, to which everything is sealed that the unit may read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection

from portal.crypto.fingerprint import fingerprint
from portal.domain.ids import AreaId, PersonId
from portal.domain.papers import UNIT_READER
from portal.journeys.house import House
from portal.journeys.keys.directory import KeyAlarm, key_at
from portal.journeys.keys.proven import proven_line
from portal.journeys.keys.unit_chain import BrokenChain, chain
from portal.records import keys


@dataclass(frozen=True)
class UnitRecipient:
    """The unit's public key (raw) and its fingerprint (hex), as the ledger has it; the fingerprints
    it had before, the newest first; the line since which it has this one."""

    recipient: bytes
    fingerprint: str
    former: tuple[str, ...] = ()
    since: int = 0

    def named_in(self, recipients: Iterable[str]) -> bool:
        """Whether one of the unit's keys, now or before, is among these fingerprints."""
        return not {self.fingerprint, *self.former}.isdisjoint(recipients)


def unit_recipient(house: House, db: Connection, area_id: AreaId) -> UnitRecipient:
    """The key of the area's unit, checked against the line that opened the area and those that
    changed the key since. Raises KeyAlarm when the database holds another, also a former one."""

    def signer_at(person_id: PersonId, position: int) -> bytes | None:
        key = key_at(house, db, area_id, person_id, position)
        return None if key is None else key.sign_public

    row = keys.unit_key_of(db, area_id)
    found = "" if row is None else fingerprint(row.recipient, b"")
    try:
        told = chain(db, area_id, lambda at: proven_line(house, db, area_id, at), signer_at)
    except BrokenChain:
        raise KeyAlarm(UNIT_READER, found, "") from None
    expected, since = told[0] if told else ("", 0)
    if row is None or not found or found != expected:
        raise KeyAlarm(UNIT_READER, found, expected)
    return UnitRecipient(row.recipient, found, tuple(each for each, _at in told[1:]), since)
