"""The area's sealed index of names: case -> the individual's name, an age file for the unit.

It exists so that the unit can find a case by name without opening every case. It is rewritten
whole, under the area's lock, whenever a case is opened.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from sqlalchemy import Connection

from portal.crypto.age.errors import AgeError
from portal.crypto.sealing import open_text, seal_text
from portal.crypto.unit import UnitKey
from portal.domain.ids import AreaId, CaseId
from portal.journeys.deed import Doing
from portal.journeys.opening import Spoilt
from portal.journeys.rewrapping import OpenUnit
from portal.records import cases


def names_in(db: Connection, area_id: AreaId, unit: UnitKey) -> dict[CaseId, str]:
    """The whole index; empty before the first case. Raises Spoilt when it does not open."""
    sealed = cases.sealed_names(db, area_id)
    if sealed is None:
        return {}
    try:
        clear = json.loads(open_text(sealed, [unit.opener()]))
        return {CaseId(case_id): str(name) for case_id, name in clear.items()}
    except (AgeError, ValueError, AttributeError):
        raise Spoilt("names") from None


def add_name(deed: Doing, unit: OpenUnit, case_id: CaseId, name: str) -> None:
    """Rewrite the index with one more name, in the deed, so that no two writers meet."""
    known: Mapping[CaseId, str] = names_in(deed.db, deed.area_id, unit.key) | {case_id: name}
    sealed = seal_text(json.dumps(known).encode(), [unit.public.recipient])
    cases.save_names(deed.db, deed.area_id, sealed, deed.now)
