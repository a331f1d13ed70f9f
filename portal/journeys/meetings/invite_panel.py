"""Invite a standing panel to every case of a meeting day, after a look that sends nothing.

The look says of each person and each case what would happen: invited, invited already, or why not.
Whoever was withdrawn from a case is not invited to it again by a panel: somebody had a reason. The
invitations are made one by one as ever, with the reason that is typed once (MAPPA rules 4, 5, 7);
what was shown is compared under the lock, and with one difference nobody is invited.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from enum import StrEnum

from portal.domain.cases import Case
from portal.domain.clocks import london
from portal.domain.ids import MeetingDayId, PanelId
from portal.domain.meetings import Answer, Capacity, MeetingDay, Slot
from portal.domain.people import Person
from portal.journeys.changed import Changed
from portal.journeys.deed import Doing, Looking, doing, looking
from portal.journeys.digests import salted
from portal.journeys.house import House, Who
from portal.journeys.meetings.invite_to_slot import LONGEST_REASON, make_invitation
from portal.journeys.meetings.set_panel import not_on_a_panel
from portal.journeys.meetings.slots import Scene, area_of
from portal.journeys.restricted.about import about_no_one_case, seen_cases
from portal.journeys.unacceptable import Unacceptable, required
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import meetings, panels, people

ACTION = Action.UNIT_INVITATION_MAKE


class Seen(StrEnum):
    """What would happen to one person at one case."""

    INVITED = "invited"
    ALREADY = "already"
    WITHDRAWN = "withdrawn"
    BARRED = "barred"


@dataclass(frozen=True)
class Place:
    """One person of the panel at one case. `words` say why where they are barred."""

    slot: Slot
    case: Case
    person: Person
    capacity: Capacity
    seen: Seen
    words: str = ""


@dataclass(frozen=True)
class PanelLook:
    """What would happen, in the order of the cases; `digest` is of just this."""

    day: MeetingDay
    panel: panels.Panel
    places: tuple[Place, ...]

    @property
    def to_invite(self) -> tuple[Place, ...]:
        return tuple(place for place in self.places if place.seen is Seen.INVITED)

    @property
    def digest(self) -> str:
        body = [
            [place.slot.id, place.person.id, place.capacity.value, place.seen.value]
            for place in self.places
        ]
        return hashlib.sha256(json.dumps([self.panel.id, body]).encode()).hexdigest()


def look_at_panel(house: House, who: Who, day_id: MeetingDayId, panel_id: PanelId) -> PanelLook:
    """Nothing is sent. Raises Refused."""
    with looking(house, who.actor, subject=day_id) as look:
        look.require(ACTION, about_no_one_case(who.actor.area_id))
        return _look(look, day_id, panel_id)


def invite_panel(
    house: House, who: Who, day_id: MeetingDayId, panel_id: PanelId, digest: str, reason: str
) -> int:
    """Returns how many invitations were made. Raises Refused, Unacceptable (`reason`), Changed,
    KeyAlarm or Spoilt; then nobody was invited."""
    reason = required("reason", reason, "Write why this panel is invited.", LONGEST_REASON)
    with doing(house, who.actor, ACTION, subject=day_id) as deed:
        deed.require(about_no_one_case(who.actor.area_id))
        found = _look(deed, day_id, panel_id)
        if found.digest != digest:
            raise Changed("Something differs from what the page showed. Look at it again.")
        if not found.to_invite:
            raise Unacceptable("", "There is nobody to invite. Nobody was invited.")
        if london(found.day.starts_at).date() < london(deed.now).date():
            raise Unacceptable("", "This meeting is over. Choose one that is still to come.")
        area = area_of(deed.db, deed.area_id, ACTION)
        agencies = people.agencies_of(deed.db, deed.area_id)
        for place in found.to_invite:
            make_invitation(
                deed,
                who,
                Scene(place.slot, place.case, area),
                place.person,
                agencies[place.person.agency_id],
                place.capacity,
                salted(reason),
            )
        return len(found.to_invite)


def _look(at: Looking | Doing, day_id: MeetingDayId, panel_id: PanelId) -> PanelLook:
    area_id = at.actor.area_id
    day = meetings.load_day(at.db, area_id, day_id)
    panel = panels.load(at.db, area_id, panel_id)
    if day is None or panel is None:
        raise Refused(ACTION, Why.NOT_THERE)
    seats = panels.seats_of(at.db, area_id, panel_id)
    known, agencies = people.of_area(at.db, area_id), people.agencies_of(at.db, area_id)
    heard = seen_cases(at)
    sitting = sorted(
        (known[key] for key in seats if key in known), key=lambda person: (person.name, person.id)
    )
    places = []
    slots = meetings.slots_of_day(at.db, area_id, day_id)
    if slots and not any(slot.case_id in heard for slot in slots):
        raise Refused(ACTION, Why.NOT_THERE)
    for slot in slots:
        if slot.case_id not in heard:
            continue
        entries = meetings.invitations_to(at.db, area_id, slot.id)
        invited = {each.person_id for each in entries if each.answer is Answer.INVITED}
        before = {each.person_id for each in entries} - invited
        for person in sitting:
            capacity = seats[person.id]
            words = not_on_a_panel(agencies[person.agency_id], person, capacity)
            seen = _seen(person.id in invited, person.id in before, words)
            places.append(Place(slot, heard[slot.case_id], person, capacity, seen, words))
    return PanelLook(day, panel, tuple(places))


def _seen(invited: bool, withdrawn: bool, words: str) -> Seen:
    if invited:
        return Seen.ALREADY
    if withdrawn:
        return Seen.WITHDRAWN
    return Seen.BARRED if words else Seen.INVITED
