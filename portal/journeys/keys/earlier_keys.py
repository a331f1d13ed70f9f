"""What a manifest may name in the place of somebody's key of today: what that key followed.

Their owner changed to it from an earlier one, or it was confirmed with joining words, which were
all that an author knew then. A key that began anew follows none: what was open to the former is
given again by a coordinator.
"""

from __future__ import annotations

from sqlalchemy import Connection

from portal.domain.ids import AreaId, PersonId
from portal.journeys.house import House
from portal.journeys.keys.directory import confirmed_key
from portal.records import former_keys, joining_words, keys


def earlier_keys(
    house: House, db: Connection, area_id: AreaId, person_id: PersonId, own: str
) -> frozenset[str]:
    """Fingerprints (hex) of the keys that the one with the fingerprint `own` followed, and of the
    joining words at the beginning; none where `own` is not their confirmed key. Raises KeyAlarm
    unless every step is signed and stands in the ledger."""
    given = keys.confirmation_of(db, area_id, person_id)
    if given is None or given.fingerprint != own:
        return frozenset()
    if confirmed_key(house, db, area_id, person_id) is None:
        return frozenset()
    ended = {key.ended_position: key for key in former_keys.of_person(db, area_id, person_id)}
    found, position, words_id = set(), given.ledger_position, given.words_id
    # Each was proven with the one after it: its end is the line that confirmed that one.
    while (key := ended.pop(position, None)) is not None:
        found.add(key.fingerprint)
        position, words_id = key.ledger_position, key.words_id
    words = None if words_id is None else joining_words.load(db, area_id, words_id)
    return frozenset(found | ({words.fingerprint} if words is not None else set()))
