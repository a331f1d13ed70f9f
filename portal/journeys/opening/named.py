"""The name on a copy is the one that was confirmed with its reader's key, whatever the row says.

A copy that is found later is traced by the name on its pages: a name that was slipped into the row
must never be printed there. Asked wherever a paper is opened for its reader, page by page too.
"""

from __future__ import annotations

from portal.journeys.deed import Looking
from portal.journeys.giving.sealing import own_fingerprint
from portal.journeys.house import House, Who
from portal.journeys.keys.directory import KeyAlarm, confirmed_key
from portal.records import people


def require_named(house: House, look: Looking, who: Who) -> None:
    """Raise KeyAlarm unless the key that this session opened was confirmed for a person of just
    this name and agency."""
    area_id, person_id = who.actor.area_id, who.actor.person_id
    key = confirmed_key(house, look.db, area_id, person_id)
    person = people.load(look.db, area_id, person_id)
    own = own_fingerprint(who)
    if (
        key is None
        or key.fingerprint != own
        or person is None
        or (person.name, person.agency_id) != (who.actor.name, who.actor.agency_id)
    ):
        raise KeyAlarm(person_id, own, "" if key is None else key.fingerprint)
