"""Home: one list by time, across cases, of what waits for one person. References, never names."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from portal.domain.cases import Case
from portal.domain.clocks import from_london, london
from portal.domain.colleagues import Certified
from portal.domain.disclosures import DisclosureState
from portal.domain.facts import InArea, OfGrant
from portal.domain.grants import Grant, Openness, Sending, SendingKind, openness
from portal.domain.ids import CaseId, GrantId, SendingId, SlotId
from portal.domain.meetings import Capacity, Invitation, Slot
from portal.domain.papers import ReportRequest, RequestStatus
from portal.domain.people import Role
from portal.journeys.agencies.to_certify import due_in
from portal.journeys.deed import Looking, looking
from portal.journeys.house import House, Who
from portal.journeys.keys.use_words import words_wait
from portal.journeys.opening.held import accepted_slots
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import areas, cases, disclosures, meetings, minutes, papers, sendings

SOON = timedelta(hours=48)
OVER_SHOWN = timedelta(days=60)
WAITS = frozenset({Certified.DUE, Certified.OVERDUE})


class What(StrEnum):
    """What an entry is."""

    PACK = "pack"
    ANNEX = "annex"
    ADDENDUM = "addendum"
    MINUTES = "minutes"
    PAPER = "paper"
    STATEMENT = "statement"
    REPORT = "report"
    APPROVAL = "approval"
    ASKED = "asked"


_KINDS = {
    SendingKind.PACK: What.PACK,
    SendingKind.ANNEX: What.ANNEX,
    SendingKind.ADDENDUM: What.ADDENDUM,
    SendingKind.MINUTES: What.MINUTES,
    SendingKind.DISCLOSURE: What.PAPER,
}


@dataclass(frozen=True)
class Entry:
    """One thing: `subject` is the id its page has, `at` the moment that places it in the list.

    `state` is set for papers alone. `soon`: it closes or falls due within two days. `new`: this
    reader has not looked at it yet. What goes with a pack stands under it.
    """

    what: What
    reference: str
    subject: str
    at: datetime
    state: Openness | None = None
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    meeting_at: datetime | None = None
    soon: bool = False
    overdue: bool = False
    statement_first: bool = False
    decided: bool = False
    new: bool = False
    form_code: str = ""
    """Which report is owed."""


@dataclass(frozen=True)
class Home:
    """`entries`: what can be done or awaited, the next first. `over`: what closed lately.
    `to_certify`: of how many colleagues a single point of contact has to say if they are here.
    `words_wait`: joining words were given to them, and they have not used them."""

    entries: tuple[Entry, ...]
    over: tuple[Entry, ...]
    phone: str
    roles: frozenset[Role]
    to_certify: int = 0
    words_wait: bool = False


@dataclass(frozen=True)
class _Area:
    slots: Mapping[SlotId, Slot]
    cases: Mapping[CaseId, Case]
    sendings: Mapping[SendingId, Sending]
    accepted: Collection[SlotId]

    def reference(self, slot: Slot) -> str:
        return self.cases[slot.case_id].reference


def reader_home(house: House, who: Who) -> Home:
    """Everything that waits for the actor, in their area."""
    area_id, person_id = who.actor.area_id, who.actor.person_id
    with looking(house, who.actor) as look:
        look.require(Action.READER_HOME_READ, InArea(area_id))
        area = areas.load(look.db, area_id)
        if area is None:
            raise Refused(Action.READER_HOME_READ, Why.NOT_THERE)
        around = _Area(
            {slot.id: slot for slot in meetings.slots_of_area(look.db, area_id)},
            cases.of_area(look.db, area_id),
            {sending.id: sending for sending in sendings.sendings_in(look.db, area_id)},
            accepted_slots(look.db, area_id, person_id),
        )
        grants = sendings.grants_of_person(look.db, area_id, person_id)
        looked_at = sendings.opened_by(look.db, area_id, person_id)
        invitations = meetings.invitations_of(look.db, area_id, person_id)
        entries = [
            *_papers(look, around, grants, looked_at),
            *_statements(look, around, invitations),
            *_reports(look, around),
            *_approvals(look, around, invitations),
            *_asked(look, around),
        ]
        waits = words_wait(look.db, area_id, person_id)
        to_certify = 0
        if Role.SPOC in who.actor.roles:
            due = due_in(look.db, area_id, look.now, WAITS)
            to_certify = due[who.actor.agency_id]
    gone = (Openness.ENDED, Openness.TAKEN_BACK)
    over = [e for e in entries if e.state in gone and look.now - e.at < OVER_SHOWN]
    return Home(
        tuple(sorted((e for e in entries if e.state not in gone), key=in_order)),
        tuple(sorted(over, key=lambda e: e.at, reverse=True)),
        area.phone,
        who.actor.roles,
        to_certify,
        waits,
    )


def in_order(entry: Entry) -> tuple[datetime, str]:
    """By time; what closes at one time by reference, so that P1-ADD1 follows P1."""
    return entry.at, entry.reference


def _papers(
    look: Looking, around: _Area, grants: list[Grant], looked_at: Collection[GrantId]
) -> Iterator[Entry]:
    seen = look.visible(
        Action.READER_GRANT_SEE, grants, lambda grant: OfGrant(grant.area_id, grant, False)
    )
    for grant in seen:
        sending = around.sendings[grant.sending_id]
        slot = around.slots[sending.slot_id]
        state = openness(grant, look.now)
        taken = state is Openness.TAKEN_BACK
        at = grant.opens_at if state is Openness.NOT_YET else grant.closes_at
        yield Entry(
            what=_KINDS[sending.kind],
            reference=sending.reference,
            subject=grant.id,
            at=grant.changed_at if taken or at is None else at,
            state=state,
            opens_at=grant.opens_at,
            closes_at=grant.closes_at,
            meeting_at=slot.starts_at,
            soon=(
                state is Openness.OPEN
                and grant.closes_at is not None
                and grant.closes_at - look.now <= SOON
            ),
            statement_first=slot.id not in around.accepted,
            new=state is Openness.OPEN and grant.id not in looked_at,
        )


def _statements(look: Looking, around: _Area, invitations: list[Invitation]) -> Iterator[Entry]:
    """Of meetings to come: afterwards the statement is asked for when a paper is opened."""
    for invitation in invitations:
        slot = around.slots[invitation.slot_id]
        if slot.id not in around.accepted and slot.starts_at > look.now:
            yield Entry(
                What.STATEMENT,
                around.reference(slot),
                slot.id,
                slot.starts_at,
                meeting_at=slot.starts_at,
                soon=slot.starts_at - look.now <= SOON,
            )


def _reports(look: Looking, around: _Area) -> Iterator[Entry]:
    if Role.CONTACT not in look.actor.roles:
        return
    found = papers.requests_to(look.db, look.actor.area_id, look.actor.agency_id)
    for request in found:
        slot = around.slots[request.slot_id]
        if request.status is RequestStatus.REQUESTED and slot.starts_at > look.now:
            yield _owed(look, around, request, slot)


def _owed(look: Looking, around: _Area, request: ReportRequest, slot: Slot) -> Entry:
    due = from_london(request.due_on, 23, 59)
    return Entry(
        What.REPORT,
        around.reference(slot),
        request.id,
        due,
        closes_at=due,
        meeting_at=slot.starts_at,
        soon=due - look.now <= SOON,
        overdue=request.overdue(london(look.now).date()),
        form_code=request.form_code,
    )


def _approvals(look: Looking, around: _Area, invitations: list[Invitation]) -> Iterator[Entry]:
    chaired = {i.slot_id for i in invitations if i.capacity is Capacity.CHAIR}
    for filed in minutes.unapproved(look.db, look.actor.area_id):
        if filed.slot_id in chaired:
            slot = around.slots[filed.slot_id]
            yield Entry(
                What.APPROVAL,
                around.reference(slot),
                slot.id,
                filed.filed_at,
                meeting_at=slot.starts_at,
            )


def _asked(look: Looking, around: _Area) -> Iterator[Entry]:
    """One's own requests to pass something on: while they wait, and a while after."""
    person_id = look.actor.person_id
    for disclosure in disclosures.asked_by(look.db, look.actor.area_id, person_id):
        decided = disclosure.state is not DisclosureState.ASKED
        at = disclosure.decided_at or disclosure.asked_at
        if not decided or look.now - at < OVER_SHOWN:
            slot = around.slots[disclosure.slot_id]
            yield Entry(What.ASKED, around.reference(slot), disclosure.id, at, decided=decided)
