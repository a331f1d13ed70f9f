"""Withdraw an invitation: the person loses what was sent to them for this case at this meeting.

MAPPA rule 26. Their grants of the slot's pack and minutes are taken back and the wraps deleted;
the particulars too, unless they are still to have them through another meeting or their agency.
What they were given by a written disclosure is another decision, and stays.
"""

from __future__ import annotations

from dataclasses import dataclass

from portal.domain.clocks import london
from portal.domain.deeds import Deed, line
from portal.domain.grants import GrantState, SendingKind
from portal.domain.ids import PersonId, SlotId
from portal.domain.people import Account
from portal.journeys.deed import Doing, doing
from portal.journeys.giving.settling import settle
from portal.journeys.house import House, Who
from portal.journeys.meetings.particulars import cases_for
from portal.journeys.meetings.slots import scene_of
from portal.journeys.restricted.about import about
from portal.notices.kinds import Kind
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import joining_words, meetings, papers, people, sendings

LIVING = (GrantState.GRANTED, GrantState.WAITING)


@dataclass(frozen=True)
class Withdrawn:
    """How many wraps were deleted."""

    wraps_deleted: int


def withdraw_invitation(house: House, who: Who, slot_id: SlotId, person_id: PersonId) -> Withdrawn:
    """Raises Refused, also where this person is not invited, or no longer; Changed."""
    action = Action.UNIT_INVITATION_WITHDRAW
    with doing(house, who.actor, action, subject=slot_id) as deed:
        deed.require(about(deed, slot_id))
        scene = scene_of(deed, slot_id, action)
        person = people.load(deed.db, deed.area_id, person_id)
        if person is None or not meetings.withdraw_invitation(
            deed.db, deed.area_id, slot_id, person_id
        ):
            raise Refused(action, Why.NOT_THERE)
        gone = _take_grants(deed, slot_id, person_id)
        if scene.case.id not in cases_for(deed.db, deed.area_id, person):
            version = scene.case.particulars_version
            gone += papers.remove_header(deed.db, deed.area_id, version, person_id)
            gone += joining_words.remove_wrap_of(deed.db, deed.area_id, person_id, version)
        deed.note(
            line(Deed.INVITATION_WITHDRAWN, slot=slot_id, person=person_id, wraps_deleted=gone)
        )
        if person.account is not Account.LEFT:
            deed.tell(
                Kind.INVITATION_WITHDRAWN,
                person.email,
                area=scene.area.name,
                reference=scene.case.reference,
                date=london(scene.slot.starts_at).date().isoformat(),
                phone=scene.area.phone,
            )
        return Withdrawn(gone)


def _take_grants(deed: Doing, slot_id: SlotId, person_id: PersonId) -> int:
    of_slot = {
        sending.id
        for sending in sendings.sendings_of(deed.db, deed.area_id, slot_id)
        if sending.kind is not SendingKind.DISCLOSURE
    }
    gone = 0
    for grant in sendings.grants_of_person(deed.db, deed.area_id, person_id):
        if grant.sending_id not in of_slot or grant.state not in LIVING:
            continue
        settle(deed, grant, GrantState.TAKEN_BACK)
        gone += papers.remove_header(deed.db, deed.area_id, grant.version_id, person_id)
        gone += joining_words.remove_wrap(deed.db, deed.area_id, grant.id)
    return gone
