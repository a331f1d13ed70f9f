"""Somebody invited to a case sees who it is about and why they come (MAPPA rules 2, 4 and 17).

Before the statement, since an agency must be able to search its records; for those invited
alone, and with its line first. Without a wrap it is shown with its reference only.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from portal.domain.cases import Case, Particulars
from portal.domain.deeds import Deed, line
from portal.domain.facts import OfInvitee
from portal.domain.ids import PersonId, SlotId
from portal.domain.meetings import Answer, Capacity, Mode
from portal.domain.papers import Header
from portal.journeys.deed import doing, looking
from portal.journeys.house import House, Who
from portal.journeys.meetings.particulars import open_particulars
from portal.journeys.opening.held import accepted_slots
from portal.journeys.opening.opened import NotGiven
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import areas, cases, meetings, papers

ACTION = Action.READER_STATEMENT_READ


@dataclass(frozen=True)
class ReadInvitation:
    """One invitation; `individual` is None where this reader cannot open it yet."""

    slot_id: SlotId
    reference: str
    level: int
    starts_at: datetime
    mode: Mode
    capacity: Capacity
    individual: Particulars | None
    accepted: bool
    phone: str


def read_invitation(house: House, who: Who, slot_id: SlotId) -> ReadInvitation:
    """Raises Refused for anybody who is not invited, Spoilt or a StorageError."""
    area_id, person_id = who.actor.area_id, who.actor.person_id
    with looking(house, who.actor, slot_id) as look:
        slot = meetings.load_slot(look.db, area_id, slot_id)
        case = None if slot is None else cases.load(look.db, area_id, slot.case_id)
        day = None if slot is None else meetings.load_day(look.db, area_id, slot.meeting_day_id)
        area = areas.load(look.db, area_id)
        if slot is None or case is None or day is None or area is None:
            raise Refused(ACTION, Why.NOT_THERE)
        invited = _invited(look.db, case, slot_id)
        look.require(ACTION, OfInvitee(area_id, frozenset(invited)))
        header = papers.header_for(look.db, area_id, case.particulars_version, person_id)
        accepted = slot_id in accepted_slots(look.db, area_id, person_id)
    individual = None if header is None else _read(house, who, slot_id, case, header)
    return ReadInvitation(
        slot_id,
        case.reference,
        case.level,
        slot.starts_at,
        day.mode,
        invited[person_id],
        individual,
        accepted,
        area.phone,
    )


def _invited(db: Connection, case: Case, slot_id: SlotId) -> dict[PersonId, Capacity]:
    return {
        invitation.person_id: invitation.capacity
        for invitation in meetings.invitations_to(db, case.area_id, slot_id)
        if invitation.answer is Answer.INVITED
    }


def _read(
    house: House, who: Who, slot_id: SlotId, case: Case, header: Header
) -> Particulars | None:
    with doing(house, who.actor, ACTION, slot_id) as deed:
        deed.require(OfInvitee(case.area_id, frozenset(_invited(deed.db, case, slot_id))))
        deed.note(line(Deed.PARTICULARS_READ, case=case.id))
    with looking(house, who.actor, slot_id) as look:
        try:
            return open_particulars(
                house, look.db, case, who.actor.person_id, header.fingerprint, who.identities()
            )
        except NotGiven:
            return None
