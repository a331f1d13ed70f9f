"""The pages about attendance and minutes: the register, the draft, the chair's, and to whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from portal.documents.findings import Finding
from portal.domain.cases import Case
from portal.domain.extracts import Extract
from portal.domain.facts import OfMinutes
from portal.domain.ids import PersonId, SlotId, VersionId
from portal.domain.meetings import Answer, AttendanceLock, Capacity, Presence, Slot
from portal.domain.minutes import Duty, Minutes
from portal.domain.packs import LeftOut, Proposal
from portal.domain.papers import Scan
from portal.domain.people import UNIT
from portal.journeys.changed import Changed
from portal.journeys.deed import Looking, looking
from portal.journeys.extracts.offered import offered
from portal.journeys.extracts.proven_extract import named_both_ways
from portal.journeys.house import House, Who
from portal.journeys.meetings.facts import minutes_facts
from portal.journeys.meetings.record_attendance import register_digest
from portal.journeys.meetings.slots import Scene, scene_of
from portal.journeys.minutes.compare_minutes import comparable
from portal.journeys.minutes.examine_minutes import subject_of
from portal.journeys.minutes.proposing import NO_PARTS, Parts, minutes_proposal
from portal.journeys.packs.proposing import Setting, setting
from portal.journeys.reports.choose_unscanned import takes_files
from portal.journeys.restricted.about import about
from portal.journeys.views.dormant import asleep_in
from portal.journeys.views.minutes_file import found_in
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import meetings, minutes, originals, papers, people


@dataclass(frozen=True)
class Attendee:
    """Somebody invited: what the register says of them, and whether a duty is recorded."""

    person_id: PersonId
    name: str
    agency: str
    capacity: Capacity
    presence: Presence | None
    duty: Duty | None


@dataclass(frozen=True)
class AttendancePage:
    """The register. `digest` goes back to lock exactly this one."""

    slot: Slot
    case: Case
    attendees: tuple[Attendee, ...]
    lock: AttendanceLock | None
    locked_by: str
    digest: str
    may_record: bool
    may_lock: bool

    @property
    def whole(self) -> bool:
        """Whether something is recorded of everybody."""
        return all(each.presence is not None for each in self.attendees)


def attendance_page(house: House, who: Who, slot_id: SlotId) -> AttendancePage:
    """Everybody invited, in the order of their agencies."""
    action = Action.UNIT_ATTENDANCE_READ
    with looking(house, who.actor, slot_id) as look:
        look.require(action, about(look, slot_id))
        scene = scene_of(look, slot_id, action)
        facts = minutes_facts(look.db, who.actor.area_id, slot_id, action)
        lock = meetings.attendance_lock_of(look.db, who.actor.area_id, slot_id)
        register = meetings.attendance_of(look.db, who.actor.area_id, slot_id)
        attendees = _attendees(look, slot_id)
        return AttendancePage(
            slot=scene.slot,
            case=scene.case,
            attendees=attendees,
            lock=lock,
            locked_by="" if lock is None else _name(look, lock.locked_by),
            digest=register_digest(register.values()),
            may_record=look.may(Action.UNIT_ATTENDANCE_RECORD, facts),
            may_lock=look.may(Action.DECIDE_ATTENDANCE_LOCK, facts),
        )


def _attendees(look: Looking, slot_id: SlotId) -> tuple[Attendee, ...]:
    area_id = look.actor.area_id
    found = people.of_area(look.db, area_id)
    agencies = people.agencies_of(look.db, area_id)
    register = meetings.attendance_of(look.db, area_id, slot_id)
    duties = minutes.duties_of(look.db, area_id, slot_id)
    attendees = [
        Attendee(
            invitation.person_id,
            found[invitation.person_id].name,
            agencies[invitation.agency_id].name,
            invitation.capacity,
            entry.presence if (entry := register.get(invitation.person_id)) else None,
            duties.get(invitation.person_id),
        )
        for invitation in meetings.invitations_to(look.db, area_id, slot_id)
        if invitation.answer is Answer.INVITED
    ]
    return tuple(sorted(attendees, key=lambda each: (each.agency, each.name)))


def _name(look: Looking, person_id: PersonId) -> str:
    person = people.load(look.db, look.actor.area_id, person_id)
    return "" if person is None else person.name


@dataclass(frozen=True)
class MinutesPage:
    """How far the minutes are. `can_read`: whether there is a wrap of them for who looks.
    `unscanned`: they came as a file, and no virus scanner has seen it. `takes_files`: not where
    there is no scanner, and the area takes nothing without. `found`: in the file they came as.
    `original`: that file is kept, and this person may open it with a reason."""

    slot: Slot
    case: Case
    filed: Minutes | None
    version_number: int
    pages: int
    unscanned: bool
    filed_by: str
    approved_by: str
    can_read: bool
    chaired: bool
    locked: bool
    may_file: bool
    may_send: bool
    comparable: bool
    found: tuple[Finding, ...]
    takes_files: bool = True
    original: bool = False

    @property
    def version_id(self) -> VersionId | None:
        """What an approval is of."""
        return None if self.filed is None else self.filed.version_id


def minutes_page(house: House, who: Who, slot_id: SlotId) -> MinutesPage:
    """The unit's page: what is filed, and whether the chair has approved."""
    action = Action.UNIT_MINUTES_READ
    with looking(house, who.actor, slot_id) as look:
        look.require(action, about(look, slot_id))
        scene = scene_of(look, slot_id, action)
        facts = minutes_facts(look.db, who.actor.area_id, slot_id, action)
        taken = takes_files(house, look.db, who.actor.area_id)
        kept = look.may(Action.DECIDE_ORIGINAL_OPEN, about(look, slot_id)) and bool(
            originals.of_request(look.db, who.actor.area_id, subject_of(slot_id))
        )
        return replace(_page(house, look, scene, facts), takes_files=taken, original=kept)


def chair_page(house: House, who: Who, slot_id: SlotId) -> MinutesPage:
    """The chair's page. Raises Refused for anybody who does not chair this slot."""
    action = Action.CHAIR_MINUTES_READ
    with looking(house, who.actor, slot_id) as look:
        facts = minutes_facts(look.db, who.actor.area_id, slot_id, action)
        look.require(action, facts)
        return _page(house, look, scene_of(look, slot_id, action), facts)


def _page(house: House, look: Looking, scene: Scene, facts: OfMinutes) -> MinutesPage:
    area_id = look.actor.area_id
    filed = minutes.load(look.db, area_id, scene.slot.id)
    version = None if filed is None else papers.load_version(look.db, area_id, filed.version_id)
    own = (
        None
        if version is None
        else papers.header_for(look.db, area_id, version.id, look.actor.person_id)
    )
    return MinutesPage(
        slot=scene.slot,
        case=scene.case,
        filed=filed,
        version_number=0 if version is None else version.number,
        pages=0 if version is None else version.pages,
        unscanned=version is not None and version.scan is Scan.NOT_SCANNED,
        filed_by="" if filed is None else _name(look, filed.filed_by),
        approved_by=_name(look, filed.approved_by) if filed and filed.approved_by else "",
        can_read=version is not None and (own is not None or look.actor.has(UNIT)),
        chaired=bool(facts.chairs),
        locked=facts.attendance_locked,
        may_file=look.may(Action.UNIT_MINUTES_FILE, facts),
        may_send=look.may(Action.DECIDE_MINUTES_SEND, facts),
        comparable=filed is not None
        and comparable(look.db, filed, look.actor.person_id) is not None,
        found=() if version is None else found_in(house, look.db, version),
    )


@dataclass(frozen=True)
class MinutesSendPage:
    """Minutes to whom. `absent`: those who may need to see them by a recorded duty. `of_part`:
    those who were there for a part, of whom `parts` says what was chosen; `whole` are the minutes,
    and `extracts` what may be given of them (rule 41). `both_ways` names those who hold another
    form of these minutes, so that they cannot be sent yet (rule 37). `unscanned`: they came as a
    file, and no virus scanner has seen it."""

    at: Setting
    proposal: Proposal
    digest: str
    absent: Mapping[PersonId, str]
    unscanned: bool
    of_part: Mapping[PersonId, str]
    parts: Parts
    whole: VersionId
    extracts: tuple[Extract, ...]
    both_ways: tuple[str, ...]
    asleep: frozenset[PersonId]
    """Whose account is closed because nobody used it."""


def minutes_send_page(
    house: House, who: Who, slot_id: SlotId, parts: Parts = NO_PARTS
) -> MinutesSendPage:
    """Who gets the approved minutes, who does not, and why.

    Raises Refused before attendance is locked or the chair has approved, and Changed where `parts`
    names what cannot be chosen.
    """
    action = Action.DECIDE_MINUTES_SEND
    with looking(house, who.actor, slot_id) as look:
        look.require(action, minutes_facts(look.db, who.actor.area_id, slot_id, action))
        at = setting(house, look.db, who.actor.area_id, slot_id)
        filed = minutes.load(look.db, who.actor.area_id, slot_id)
        if filed is None:
            raise Changed
        proposal = minutes_proposal(look.db, at, filed, look.now, parts)
        whole = filed.version_id
        extracts = offered(look.db, at.area.id, at.case.id, [whole]).get(whole, [])
        both_ways = named_both_ways(house, look.db, at, proposal)
        version = papers.load_version(look.db, at.slot.area_id, filed.version_id)
        asleep = asleep_in(look.db, at.area.id, look.now)
    absent = {
        candidate.person_id: candidate.name
        for candidate, why in proposal.left_out
        if why.value in ("apologies", "absent")
    }
    unscanned = version is not None and version.scan is Scan.NOT_SCANNED
    of_part = [c.person_id for c, why in proposal.left_out if why is LeftOut.PART] + list(parts)
    names = {person: at.people[person].name for person in of_part}
    return MinutesSendPage(
        at,
        proposal,
        proposal.digest(),
        absent,
        unscanned,
        dict(sorted(names.items(), key=lambda each: each[1])),
        parts,
        whole,
        tuple(extracts),
        both_ways,
        asleep,
    )


@dataclass(frozen=True)
class DutyPage:
    """One person, and the duty to consider that is recorded for them already."""

    scene: Scene
    name: str
    agency: str
    duty: Duty | None


def duty_page(house: House, who: Who, slot_id: SlotId, person_id: PersonId) -> DutyPage:
    """For a coordinator. Raises Refused where slot or person is not there."""
    action = Action.DECIDE_DUTY_RECORD
    area_id = who.actor.area_id
    with looking(house, who.actor, slot_id) as look:
        look.require(action, about(look, slot_id))
        scene = scene_of(look, slot_id, action)
        person = people.load(look.db, area_id, person_id)
        if person is None:
            raise Refused(action, Why.NOT_THERE)
        agency = people.agencies_of(look.db, area_id)[person.agency_id]
        duty = minutes.duties_of(look.db, area_id, slot_id).get(person_id)
    return DutyPage(scene, person.name, agency.name, duty)
