"""The names of the restricted cases that somebody holds: they stand in no index of the area."""

from __future__ import annotations

from portal.crypto.age.errors import AgeError
from portal.domain.ids import CaseId
from portal.journeys.deed import Looking
from portal.journeys.digests import read_text
from portal.journeys.house import House, Who
from portal.journeys.keys.unit_of import open_unit_of_case, restriction_of
from portal.journeys.opening.opened import Spoilt
from portal.records import restrictions, texts

NAME = "name"


def names_held(house: House, look: Looking, who: Who) -> dict[CaseId, str]:
    """Each such case -> the individual's name; without those whose key this person waits for.

    Raises KeyAlarm, and Spoilt where a name is not the one that the ledger's line holds.
    """
    area_id, mine = look.actor.area_id, who.actor.person_id
    found = {}
    for case_id, rows in restrictions.holders_in(look.db, area_id).items():
        # Rows first: one that is out of order must not stop those whom it does not concern.
        if mine not in rows:
            continue
        held = restrictions.holder_of(look.db, area_id, case_id, mine)
        restricted = restriction_of(house, look.db, area_id, case_id)
        if restricted is None or mine not in restricted.holders or held is None or not held.sealed:
            continue
        unit = open_unit_of_case(house, look.db, who, case_id)
        sealed = texts.load(look.db, area_id, case_id, NAME)
        try:
            name = None if sealed is None else read_text(sealed, unit.key.openers())
        except (AgeError, ValueError, KeyError, TypeError):
            name = None
        if name is None or name.digest != restricted.name:
            raise Spoilt("names")
        found[case_id] = name.text
    return found
