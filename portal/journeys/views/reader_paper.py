"""The page before a paper opens (what, until when, on what terms), and the statement's page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from portal.domain import statement
from portal.domain.facts import OfInvitee
from portal.domain.grants import Openness, SendingKind, openness
from portal.domain.ids import GrantId, SlotId
from portal.domain.papers import HANDLING
from portal.domain.statement import Wording
from portal.journeys.deed import looking
from portal.journeys.house import House, Who
from portal.journeys.opening.corrected import Corrected, corrected_in
from portal.journeys.opening.held import accepted_slots, held, on_the_list
from portal.journeys.opening.marked_copy import offers_download
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import areas, cases, meetings, people, sendings


@dataclass(frozen=True)
class ReaderPaper:
    """A grant as its reader sees it. `opened` is when they opened it before, newest last;
    `download`: the sender lets a copy be saved, as far as a page needs to know; `corrected`: what
    of it they hold in an earlier version too, while both are open."""

    grant_id: GrantId
    kind: SendingKind
    reference: str
    case_reference: str
    slot_id: SlotId
    meeting_at: datetime
    state: Openness
    opens_at: datetime | None
    closes_at: datetime | None
    changed_at: datetime
    copy_number: int
    copies: int
    pages: int
    sent_by: str
    sent_at: datetime
    handling: tuple[str, ...]
    accepted: bool
    download: bool
    opened: tuple[datetime, ...]
    phone: str
    corrected: tuple[Corrected, ...] = ()


@dataclass(frozen=True)
class StatementPage:
    """The statement for one slot, as it is worded now."""

    slot_id: SlotId
    reference: str
    meeting_at: datetime
    wording: Wording
    accepted: bool


def reader_paper(house: House, who: Who, grant_id: GrantId) -> ReaderPaper:
    """Raises Refused (not there) for anybody but the reader whose grant it is."""
    area_id = who.actor.area_id
    with looking(house, who.actor, grant_id) as look:
        at = held(look.db, area_id, grant_id, Action.READER_GRANT_SEE)
        look.require(Action.READER_GRANT_SEE, at.facts)
        area = areas.load(look.db, area_id)
        sender = people.load(look.db, area_id, at.sending.sent_by)
        opened = [
            opening.opened_at
            for opening in sendings.openings_of(look.db, area_id, at.sending.id)
            if opening.grant_id == grant_id
        ]
        download = offers_download(look.db, at)
        state = openness(at.grant, look.now)
        corrected = (
            corrected_in(look.db, at.grant, look.now)
            if state is Openness.OPEN and at.accepted
            else ()
        )
    return ReaderPaper(
        grant_id=grant_id,
        kind=at.sending.kind,
        reference=at.sending.reference,
        case_reference=at.case.reference,
        slot_id=at.slot.id,
        meeting_at=at.slot.starts_at,
        state=state,
        opens_at=at.grant.opens_at,
        closes_at=at.grant.closes_at,
        changed_at=at.grant.changed_at,
        copy_number=at.grant.copy_number,
        copies=at.grant.copies,
        pages=at.version.pages,
        sent_by="" if sender is None else sender.name,
        sent_at=at.sending.sent_at,
        handling=HANDLING,
        accepted=at.accepted,
        download=download,
        opened=tuple(opened),
        phone="" if area is None else area.phone,
        corrected=corrected,
    )


def statement_page(house: House, who: Who, slot_id: SlotId) -> StatementPage:
    """Raises Refused (not there) for anybody who is not on this slot's list."""
    action = Action.READER_STATEMENT_READ
    with looking(house, who.actor, slot_id) as look:
        slot = meetings.load_slot(look.db, who.actor.area_id, slot_id)
        case = None if slot is None else cases.load(look.db, slot.area_id, slot.case_id)
        if slot is None or case is None:
            raise Refused(action, Why.NOT_THERE)
        facts: OfInvitee = on_the_list(look.db, slot)
        look.require(action, facts)
        accepted = slot_id in accepted_slots(look.db, slot.area_id, who.actor.person_id)
    return StatementPage(slot_id, case.reference, slot.starts_at, statement.CURRENT, accepted)
