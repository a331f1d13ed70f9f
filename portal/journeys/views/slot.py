"""One case at one meeting: the page from which everything about it is reached."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from portal.domain.cases import Case
from portal.domain.clocks import london
from portal.domain.facts import InArea
from portal.domain.grants import SendingKind
from portal.domain.ids import SlotId
from portal.domain.inviting import Bar, bar, warnings
from portal.domain.meetings import Answer, Capacity, Invitation, Slot
from portal.domain.papers import ReportRequest, Scan
from portal.domain.people import Agency, Area, Person
from portal.journeys.deed import looking
from portal.journeys.house import House, Who
from portal.journeys.meetings.slots import scene_of
from portal.journeys.reports.asking import default_due
from portal.journeys.restricted.about import about
from portal.journeys.views.people import KeyState, key_states
from portal.journeys.views.today import MinutesState, is_over, minutes_state
from portal.policy.actions import Action
from portal.records import board, claims, meetings, minutes, originals, papers, people
from portal.records.board import SendingTally

SHOWN = (None, Bar.NO_SECURE_WAY)
"""Somebody whose agency can't receive stands on the list: choosing them says what to record."""


@dataclass(frozen=True)
class InvitedRow:
    """Somebody invited, and whether they can open what is sent."""

    invitation: Invitation
    person: Person
    agency: Agency
    key: KeyState


@dataclass(frozen=True)
class RequestRow:
    """A report asked of an agency; `holder` has taken it on.

    `unscanned`: it is here, and no virus scanner has seen it.
    `original`: its original is kept, and this person may open it with a reason."""

    request: ReportRequest
    agency: Agency
    overdue: bool
    unscanned: bool
    holder: Person | None
    original: bool


@dataclass(frozen=True)
class SlotPage:
    """Everything about one case at one meeting that needs no opening."""

    slot: Slot
    case: Case
    area: Area
    over: bool
    invited: tuple[InvitedRow, ...]
    requests: tuple[RequestRow, ...]
    sendings: tuple[SendingTally, ...]
    attendance_locked: bool
    minutes: MinutesState
    warnings: tuple[str, ...]
    may_choose_unscanned: bool


@dataclass(frozen=True)
class ToInvite:
    """Who can be invited to a slot, in agency and name order, each in at least one capacity."""

    slot: Slot
    case: Case
    people: tuple[tuple[Person, Agency], ...]


@dataclass(frozen=True)
class ToAsk:
    """Which agencies can be asked, and the day that is proposed."""

    slot: Slot
    case: Case
    agencies: tuple[Agency, ...]
    due_on: date


def slot_page(house: House, who: Who, slot_id: SlotId) -> SlotPage:
    """Raises Refused."""
    area_id, action = who.actor.area_id, Action.UNIT_MEETING_READ
    with looking(house, who.actor, subject=slot_id) as look:
        look.require(action, about(look, slot_id))
        scene = scene_of(look, slot_id, action)
        everybody = people.of_area(look.db, area_id)
        agencies = people.agencies_of(look.db, area_id)
        states = key_states(look, area_id, everybody)
        living = [
            invitation
            for invitation in meetings.invitations_to(look.db, area_id, slot_id)
            if invitation.answer is Answer.INVITED
        ]
        requests = papers.requests_for(look.db, area_id, slot_id)
        held = claims.among(look.db, area_id, [each.id for each in requests])
        named = [each.document_id for each in requests if each.document_id is not None]
        versions = papers.latest_versions(look.db, area_id, named)
        sent = board.sent_for(look.db, area_id, slot_id)
        lock = meetings.attendance_lock_of(look.db, area_id, slot_id)
        with_original = (
            originals.requests_with(look.db, area_id)
            if look.may(Action.DECIDE_ORIGINAL_OPEN, about(look, slot_id))
            else set()
        )
        filed = minutes.load(look.db, area_id, slot_id)
        now = look.now
        may_choose = look.may(Action.DECIDE_UNSCANNED_CHOOSE, InArea(area_id))
    unscanned = {name for name, found in versions.items() if found.scan is not Scan.CLEAN}
    invited_agencies = {entry.agency_id: agencies[entry.agency_id] for entry in living}
    rows = [
        InvitedRow(
            entry,
            everybody[entry.person_id],
            agencies[entry.agency_id],
            states[entry.person_id],
        )
        for entry in living
    ]
    minutes_sent = any(sending.kind is SendingKind.MINUTES and sending.people for sending in sent)
    return SlotPage(
        slot=scene.slot,
        case=scene.case,
        area=scene.area,
        over=is_over(scene.slot.starts_at, now),
        invited=tuple(sorted(rows, key=lambda row: (row.agency.name, row.person.name))),
        requests=tuple(
            RequestRow(
                request,
                agencies[request.agency_id],
                request.overdue(london(now).date()),
                request.document_id in unscanned,
                everybody.get(held[request.id].person_id) if request.id in held else None,
                request.id in with_original,
            )
            for request in requests
        ),
        sendings=tuple(sent),
        attendance_locked=lock is not None,
        minutes=minutes_state(
            None if filed is None else filed.approved_at is not None, minutes_sent
        ),
        warnings=warnings(scene.case.is_child, invited_agencies.values()),
        may_choose_unscanned=may_choose,
    )


def to_invite(house: House, who: Who, slot_id: SlotId) -> ToInvite:
    """Raises Refused."""
    area_id, action = who.actor.area_id, Action.UNIT_INVITATION_MAKE
    with looking(house, who.actor, subject=slot_id) as look:
        look.require(action, about(look, slot_id))
        scene = scene_of(look, slot_id, action)
        agencies = people.agencies_of(look.db, area_id)
        taken = {
            invitation.person_id
            for invitation in meetings.invitations_to(look.db, area_id, slot_id)
            if invitation.answer is Answer.INVITED
        }
        found = [
            (person, agencies[person.agency_id])
            for person in people.of_area(look.db, area_id).values()
            if person.id not in taken
            and bar(agencies[person.agency_id], person, Capacity.OBSERVER) in SHOWN
        ]
    found.sort(key=lambda pair: (pair[1].name, pair[0].name))
    return ToInvite(scene.slot, scene.case, tuple(found))


def to_ask(house: House, who: Who, slot_id: SlotId) -> ToAsk:
    """Raises Refused."""
    area_id, action = who.actor.area_id, Action.UNIT_REPORT_ASK
    with looking(house, who.actor, subject=slot_id) as look:
        look.require(action, about(look, slot_id))
        scene = scene_of(look, slot_id, action)
        agencies = tuple(people.agencies_of(look.db, area_id).values())
        return ToAsk(
            scene.slot, scene.case, agencies, default_due(scene.slot, london(look.now).date())
        )
