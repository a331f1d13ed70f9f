"""Send somebody who is invited to a case their letter once more, in one click.

Whoever has not joined gets a new joining link, and the one before stops working; whoever has joined
gets the invitation again. It opens nothing and names nobody (MAPPA rule 16).
"""

from __future__ import annotations

from portal.domain.clocks import london
from portal.domain.deeds import Deed, line
from portal.domain.ids import PersonId, SlotId
from portal.domain.meetings import Answer
from portal.domain.people import Account
from portal.journeys.deed import doing
from portal.journeys.house import House, Who
from portal.journeys.joining.new_account import link_for
from portal.journeys.joining.send_again import require_few, require_may_have_link
from portal.journeys.meetings.slots import require_still_ahead, scene_of
from portal.journeys.restricted.about import about
from portal.journeys.unacceptable import Unacceptable
from portal.notices.kinds import Kind
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import meetings, people

ACTION = Action.UNIT_INVITATION_REPEAT


def remind_invited(house: House, who: Who, slot_id: SlotId, person_id: PersonId) -> None:
    """Raises Refused, also for whom is not invited; Unacceptable once the meeting is over or for
    somebody who left; KeyAlarm where a person who has not joined is not who was invited."""
    with doing(house, who.actor, ACTION, subject=slot_id) as deed:
        deed.require(about(deed, slot_id))
        scene = scene_of(deed, slot_id, ACTION)
        person = people.load(deed.db, deed.area_id, person_id)
        living = {
            each.person_id
            for each in meetings.invitations_to(deed.db, deed.area_id, slot_id)
            if each.answer is Answer.INVITED
        }
        if person is None or person_id not in living:
            raise Refused(ACTION, Why.NOT_THERE)
        require_still_ahead(deed, scene.slot)
        if person.account is Account.LEFT:
            raise Unacceptable("", "This person has left. Nothing was sent.")
        if person.account is Account.INVITED:
            require_may_have_link(house, deed.db, person, deed.now)
            link_for(deed, scene.area, person)
            return
        about_both = {"person": person_id, "slot": slot_id}
        require_few(deed.db, deed.area_id, Deed.INVITATION_REPEATED, about_both, deed.now)
        deed.note(line(Deed.INVITATION_REPEATED, slot=slot_id, person=person_id))
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
