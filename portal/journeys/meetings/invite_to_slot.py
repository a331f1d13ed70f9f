"""Invite one person to one case at one meeting (MAPPA rules 1 to 6, 11, 13, 15).

The reason is required and kept sealed to the unit. The person is told, and given the particulars
once their key is confirmed. Inviting somebody of a prison or of youth custody asks that agency
for its MAPPA F, if it was not asked before.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from portal.chance import new_id
from portal.domain.clocks import london
from portal.domain.deeds import Deed, line
from portal.domain.ids import InvitationId, PersonId, SlotId
from portal.domain.inviting import BAR_WORDS, Bar, bar, raises_f
from portal.domain.meetings import Answer, Capacity, Invitation
from portal.domain.people import Agency, Person
from portal.journeys.deed import Doing, doing
from portal.journeys.digests import Salted, keep_text, salted
from portal.journeys.house import House, Who
from portal.journeys.keys.directory import confirmed_keys
from portal.journeys.keys.unit_of import unit_behind
from portal.journeys.meetings.particulars import give, keep_given, may_receive
from portal.journeys.meetings.slots import Scene, require_still_ahead, scene_of
from portal.journeys.reports.asking import Asked, ask, default_due
from portal.journeys.restricted.about import about
from portal.journeys.unacceptable import Unacceptable, required
from portal.notices.kinds import Kind
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import meetings, papers, people

REASON = "reason"
LONGEST_REASON = 1000


@dataclass(frozen=True)
class Invited:
    """The invitation; `can_open` tells whether the particulars were given already, `asked` the
    MAPPA F request that it raised."""

    invitation: Invitation
    can_open: bool
    asked: Asked | None


def invite_to_slot(
    house: House, who: Who, slot_id: SlotId, person_id: PersonId, capacity: Capacity, reason: str
) -> Invited:
    """Raises Refused, Unacceptable (`person`, `capacity`, `reason`), KeyAlarm or Spoilt."""
    kept = salted(required("reason", reason, "Write why this person is invited.", LONGEST_REASON))
    with doing(house, who.actor, Action.UNIT_INVITATION_MAKE, subject=slot_id) as deed:
        deed.require(about(deed, slot_id))
        scene = scene_of(deed, slot_id, Action.UNIT_INVITATION_MAKE)
        require_still_ahead(deed, scene.slot)
        person, agency = _invitee(deed, person_id)
        return make_invitation(deed, who, scene, person, agency, capacity, kept)


def make_invitation(
    deed: Doing,
    who: Who,
    scene: Scene,
    person: Person,
    agency: Agency,
    capacity: Capacity,
    kept: Salted,
) -> Invited:
    """One invitation, in a deed that was judged, to a meeting still to come. Raises Unacceptable
    (`person`, `capacity`), KeyAlarm or Spoilt."""
    slot_id = scene.slot.id
    _require_fit(deed, slot_id, person, agency, capacity)
    key = confirmed_keys(deed.house, deed.db, deed.area_id).get(person.id)
    readers = [key] if key is not None and may_receive(person) else []
    given = give(deed, who, scene.case, readers)
    invitation = Invitation(
        id=InvitationId(new_id()),
        area_id=deed.area_id,
        slot_id=slot_id,
        person_id=person.id,
        agency_id=agency.id,
        capacity=capacity,
        answer=Answer.INVITED,
        invited_at=deed.now,
    )
    meetings.save_invitation(deed.db, invitation)
    unit = unit_behind(deed.house, deed.db, deed.area_id, scene.case.id)
    keep_text(deed, invitation.id, REASON, kept, [unit.recipient])
    position = deed.note(
        line(
            Deed.INVITATION_MADE,
            slot=slot_id,
            person=person.id,
            agency=agency.id,
            capacity=capacity.value,
            reason=kept.digest,
            manifest=given.hashes[0] if given.hashes else None,
        )
    )
    keep_given(deed, given, position)
    _tell(deed, scene, person)
    asked = _ask_for_f(deed, who, scene, agency)
    return Invited(invitation, bool(readers), asked)


def _invitee(deed: Doing, person_id: PersonId) -> tuple[Person, Agency]:
    person = people.load(deed.db, deed.area_id, person_id)
    agency = None if person is None else people.load_agency(deed.db, deed.area_id, person.agency_id)
    if person is None or agency is None:
        raise Refused(Action.UNIT_INVITATION_MAKE, Why.NOT_THERE)
    return person, agency


def _require_fit(
    deed: Doing, slot_id: SlotId, person: Person, agency: Agency, capacity: Capacity
) -> None:
    found = bar(agency, person, capacity)
    if found is not None:
        at_fault = {Bar.OBSERVER_ONLY: "capacity", Bar.NOT_A_CHAIR: "capacity"}
        raise Unacceptable(at_fault.get(found, "person"), BAR_WORDS[found])
    for invitation in meetings.invitations_to(deed.db, deed.area_id, slot_id):
        if invitation.person_id == person.id and invitation.answer is Answer.INVITED:
            raise Unacceptable("person", "This person is invited to this case already.")


def _tell(deed: Doing, scene: Scene, person: Person) -> None:
    starts = london(scene.slot.starts_at)
    deed.tell(
        Kind.INVITED_TO_MEETING,
        person.email,
        area=scene.area.name,
        reference=scene.case.reference,
        date=starts.date().isoformat(),
        time=f"{starts:%H:%M}",
        path="/",
        phone=scene.area.phone,
    )


def _ask_for_f(deed: Doing, who: Who, scene: Scene, agency: Agency) -> Asked | None:
    if not raises_f(agency):
        return None
    for request in papers.requests_for(deed.db, deed.area_id, scene.slot.id):
        if request.agency_id == agency.id and request.form_code == "F":
            return None
    today: date = london(deed.now).date()
    due = default_due(scene.slot, today)
    return ask(deed, who, scene.area, scene.slot, scene.case, agency, "F", due)
