"""What would be sent if the coordinator confirmed now: read once for the page, once under lock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from portal.domain.cases import Case
from portal.domain.clocks import PACK_OPEN_WORKING_DAYS, from_london, london, working_days_after
from portal.domain.grants import GrantState, Sending, SendingKind
from portal.domain.ids import AgencyId, AreaId, PersonId, SlotId
from portal.domain.meetings import Answer, Capacity, MeetingDay, Slot
from portal.domain.packs import (
    Candidate,
    Item,
    LeftOut,
    Others,
    Proposal,
    missing,
    propose,
    with_annexes,
)
from portal.domain.papers import FORMS, REFERRAL, Document, Kind, Version
from portal.domain.people import Account, Agency, Area, Person, Role
from portal.journeys.extracts.offered import instead_in, offered, require_one_form
from portal.journeys.house import House
from portal.journeys.keys.directory import ConfirmedKey, confirmed_keys
from portal.journeys.meetings.bank_holidays import around
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import areas, arrangements, cases, meetings, minutes, papers, people, sendings


@dataclass(frozen=True)
class Setting:
    """A slot with everything around it that a sending needs to know."""

    area: Area
    slot: Slot
    day: MeetingDay
    case: Case
    people: Mapping[PersonId, Person]
    agencies: Mapping[AgencyId, Agency]
    keys: Mapping[PersonId, ConfirmedKey]


@dataclass(frozen=True)
class Paper:
    """A paper that may stand in the pack: its document, one version of it, its form code there.

    `newer`: the version that corrects this one, where nobody has chosen it yet (rule 57).
    """

    document: Document
    version: Version
    form_code: str
    newer: Version | None = None


def setting(house: House, db: Connection, area_id: AreaId, slot_id: SlotId) -> Setting:
    """Raises Refused (not there) for another area's slot, KeyAlarm for a key that was changed."""
    slot = meetings.load_slot(db, area_id, slot_id)
    area = areas.load(db, area_id)
    day = None if slot is None else meetings.load_day(db, area_id, slot.meeting_day_id)
    case = None if slot is None else cases.load(db, area_id, slot.case_id)
    if slot is None or area is None or day is None or case is None:
        raise Refused(Action.UNIT_MEETING_READ, Why.NOT_THERE)
    return Setting(
        area,
        slot,
        day,
        case,
        people.of_area(db, area_id),
        people.agencies_of(db, area_id),
        confirmed_keys(house, db, area_id),
    )


def available(db: Connection, at: Setting) -> list[Paper]:
    """The papers that may be bound, in the version that was chosen: what was arranged stays until
    somebody chooses what corrects it (rule 57). Of what nobody arranged, the newest."""
    entries = arrangements.items_of(db, at.area.id, at.slot.id)
    found = papers.versions_in(db, at.area.id, [entry.version_id for entry in entries])
    chosen = {version.document_id: version for version in found.values()}
    return [_as_chosen(paper, chosen.get(paper.document.id)) for paper in newest(db, at)]


def _as_chosen(paper: Paper, chosen: Version | None) -> Paper:
    if chosen is None or chosen.number >= paper.version.number:
        return paper
    return replace(paper, version=chosen, newer=paper.version)


def newest(db: Connection, at: Setting) -> list[Paper]:
    """The newest version of every paper there is: reports received for this slot, and the approved
    minutes of the case's last meeting before it, which come first (rule 25), as does a referral."""
    reports = [
        document
        for document in papers.documents_of_slot(db, at.area.id, at.slot.id)
        if document.kind is Kind.REPORT
    ]
    latest = papers.latest_versions(db, at.area.id, [document.id for document in reports])
    found = [
        Paper(document, latest[document.id], document.form_code)
        for document in reports
        if document.id in latest
    ]
    found.sort(key=lambda paper: paper.form_code != REFERRAL)
    earlier = [
        slot
        for slot in meetings.slots_of_case(db, at.area.id, at.case.id)
        if slot.starts_at < at.slot.starts_at
    ]
    for slot in reversed(earlier):
        filed = minutes.load(db, at.area.id, slot.id)
        if filed is None or filed.approved_at is None:
            continue
        document = papers.load_document(db, at.area.id, filed.document_id)
        version = papers.load_version(db, at.area.id, filed.version_id)
        if document is not None and version is not None:
            return [Paper(document, version, "previous"), *found]
    return found


def arranged(db: Connection, at: Setting) -> list[Item]:
    """The papers of the pack as arranged, in order, restricted annexes aside.

    Nothing is in it that nobody chose (rule 36). A chosen paper that is no longer there is
    missing: nothing else takes its place.
    """
    return [item for item, others in _chosen(db, at) if others is None]


def annexes_in(db: Connection, at: Setting) -> list[tuple[Item, Others]]:
    """The restricted annexes as arranged, with what others see of each (rule 31)."""
    return [(item, others) for item, others in _chosen(db, at) if others is not None]


def _chosen(db: Connection, at: Setting) -> list[tuple[Item, Others | None]]:
    there = {paper.version.id: paper for paper in available(db, at)}
    found: list[tuple[Item, Others | None]] = []
    last = {True: 0, False: 0}
    for entry in arrangements.items_of(db, at.area.id, at.slot.id):
        paper = there.get(entry.version_id)
        if paper is not None:
            last[entry.others is None] += 1
            found.append((item_of(paper, last[entry.others is None]), entry.others))
    return found


def item_of(paper: Paper, tab: int) -> Item:
    """The paper in its place."""
    return Item(
        tab,
        paper.version.id,
        paper.form_code,
        paper.document.owner_agency_id,
        paper.version.pages,
    )


def pack_proposal(db: Connection, at: Setting) -> Proposal:
    """Who would get which papers of this pack, whole or as an extract, from when to when, and who
    is left out. Raises BothWays where the rows give somebody two forms of one paper."""
    items = arranged(db, at)
    candidates = invitees(db, at)
    given = arrangements.given_in(db, at.area.id, at.slot.id)
    everything = frozenset(item.version_id for item in items)
    found = offered(db, at.area.id, at.case.id, [item.version_id for item in items])
    require_one_form(given, [item.version_id for item in items], found)
    warnings = list(missing(at.slot.kind, items))
    warnings += outdated(db, at)
    held = holders(db, at, SendingKind.PACK)
    if held:
        warnings.append(
            f"A pack was sent for this case before ({held[-1].reference}). Its readers keep it "
            "until you take it back."
        )
    opens_at, closes_at = pack_times(db, at)
    proposal = propose(
        items,
        candidates,
        {who.person_id: everything - given.get(who.person_id, frozenset()) for who in candidates},
        opens_at,
        closes_at,
        warnings,
        f"{SendingKind.PACK.value} {at.slot.id}",
        instead_in(items, given, found),
    )
    return with_annexes(proposal, annexes_in(db, at), candidates, given)


def outdated(db: Connection, at: Setting) -> list[str]:
    """Whoever sends an earlier version should know it, and say why (rule 57)."""
    chosen = {entry.version_id for entry in arrangements.items_of(db, at.area.id, at.slot.id)}
    return [
        f"A newer version of {FORMS[paper.form_code]} "
        f"({at.agencies[paper.document.owner_agency_id].name}) is in. This is the earlier one."
        for paper in available(db, at)
        if paper.newer is not None and paper.version.id in chosen
    ]


def invitees(db: Connection, at: Setting) -> list[Candidate]:
    """Everybody who was invited to this slot, and why some of them can be sent nothing."""
    return [
        _candidate(at, invitation.person_id, invitation.answer, invitation.capacity)
        for invitation in meetings.invitations_to(db, at.area.id, at.slot.id)
    ]


def holders(db: Connection, at: Setting, kind: SendingKind) -> list[Sending]:
    """The sendings of this kind, oldest first, of which somebody still has a living grant."""
    living = {
        grant.sending_id
        for grant in sendings.grants_in(db, at.area.id, GrantState.GRANTED, GrantState.WAITING)
    }
    return [
        sending
        for sending in sendings.sendings_of(db, at.area.id, at.slot.id)
        if sending.kind is kind and sending.id in living
    ]


def next_number(db: Connection, area_id: AreaId, slot_id: SlotId, kind: SendingKind) -> int:
    """The next number in a reference, from 1: of this kind alone, so that it tells its readers
    nothing of what else was sent."""
    sent = sendings.sendings_of(db, area_id, slot_id)
    return sum(each.kind is kind for each in sent) + 1


def pack_times(db: Connection, at: Setting) -> tuple[datetime, datetime]:
    """The times set for this pack, else: from its first minute, to the end of the tenth working
    day after the meeting (rule 30)."""
    times = arrangements.times_of(db, at.area.id, at.slot.id)
    if times is not None:
        return times.opens_at, times.closes_at
    meeting = london(at.slot.starts_at).date()
    last = working_days_after(meeting, PACK_OPEN_WORKING_DAYS, around(meeting))
    return at.day.planned_at, from_london(last, 23, 59)


def _candidate(at: Setting, person_id: PersonId, answer: Answer, capacity: Capacity) -> Candidate:
    person = at.people[person_id]
    why: LeftOut | None = None
    if answer is Answer.WITHDRAWN:
        why = LeftOut.WITHDRAWN
    elif person.account is Account.LEFT:
        why = LeftOut.LEFT
    elif capacity is Capacity.OBSERVER or Role.LAY_ADVISER in person.roles:
        why = LeftOut.OBSERVER
    key = at.keys.get(person_id)
    return Candidate(
        person_id,
        person.name,
        at.agencies[person.agency_id].name,
        None if key is None else key.fingerprint,
        why,
    )
