"""Read who a case is about, as the unit: the line first, then the name and date of birth."""

from __future__ import annotations

from dataclasses import dataclass

from portal.domain.cases import Case, Particulars
from portal.domain.deeds import Deed, line
from portal.domain.ids import CaseId
from portal.domain.papers import UNIT_READER
from portal.journeys.deed import doing, looking
from portal.journeys.house import House, Who
from portal.journeys.keys.unit_of import open_unit_behind
from portal.journeys.meetings.particulars import open_particulars
from portal.journeys.restricted.about import about
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import cases


@dataclass(frozen=True)
class CaseRead:
    """A case, and who it is about."""

    case: Case
    particulars: Particulars


def read_case(house: House, who: Who, case_id: CaseId) -> CaseRead:
    """Raises Refused, KeyAlarm, Spoilt, or a StorageError."""
    action = Action.UNIT_CASE_READ
    with looking(house, who.actor, subject=case_id) as look:
        look.require(action, about(look, case_id))
        case = cases.load(look.db, who.actor.area_id, case_id)
        if case is None:
            raise Refused(action, Why.NOT_THERE)
        unit = open_unit_behind(house, look.db, who, case_id)
        found = open_particulars(
            house, look.db, case, UNIT_READER, unit.public.fingerprint, unit.key.openers()
        )
    with doing(house, who.actor, action, subject=case_id) as deed:
        deed.require(about(deed, case_id))
        deed.note(line(Deed.PARTICULARS_READ, case=case_id))
    return CaseRead(case, found)
