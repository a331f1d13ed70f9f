"""A standing panel: who is invited to every case of a meeting day, and in what capacity (rule 4).

It invites nobody by itself. Associates sit on none: they are approved case by case, with a reason
(MAPPA rule 7). Whoever leaves sits on no panel any more.
"""

from __future__ import annotations

from collections.abc import Mapping

from portal.chance import new_id
from portal.domain.deeds import Deed, line
from portal.domain.facts import InArea
from portal.domain.ids import AgencyId, PanelId, PersonId
from portal.domain.inviting import BAR_WORDS, bar
from portal.domain.meetings import Capacity
from portal.domain.people import Agency, Person, Standing
from portal.journeys.deed import doing
from portal.journeys.house import House, Who
from portal.journeys.unacceptable import Unacceptable, required
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import panels, people

ACTION = Action.UNIT_PANEL_SET
MOST_SEATS = 40
ASSOCIATE = "Associates are approved case by case, with a reason (rule 7). Invite them one by one."


def set_panel(
    house: House,
    who: Who,
    panel_id: PanelId | None,
    name: str,
    seats: Mapping[PersonId, Capacity],
) -> PanelId:
    """A new panel where `panel_id` is None; else just these people sit on that one from now on.
    Raises Refused, or Unacceptable (`name`, `seats`)."""
    name = required("name", name, "Give the panel a name.")
    with doing(house, who.actor, ACTION, subject=panel_id or "") as deed:
        deed.require(InArea(who.actor.area_id))
        known = panels.of_area(deed.db, deed.area_id)
        if panel_id is not None and all(panel.id != panel_id for panel in known):
            raise Refused(ACTION, Why.NOT_THERE)
        if any(panel.name == name and panel.id != panel_id for panel in known):
            raise Unacceptable("name", "There is a panel of this name already.")
        _check(people.of_area(deed.db, deed.area_id), people.agencies_of(deed.db, deed.area_id),
               seats)  # fmt: skip
        panel = panels.Panel(panel_id or PanelId(new_id()), deed.area_id, name)
        panels.save(deed.db, panel)
        panels.seat(deed.db, panel, seats)
        listed = sorted(f"{person} {capacity.value}" for person, capacity in seats.items())
        deed.note(line(Deed.PANEL_SET, panel=panel.id, seats=listed))
        return panel.id


def not_on_a_panel(agency: Agency, person: Person, capacity: Capacity) -> str:
    """Why somebody cannot be invited by a panel, in words; empty where they can."""
    if agency.standing is Standing.ASSOCIATE:
        return ASSOCIATE
    found = bar(agency, person, capacity)
    return "" if found is None else BAR_WORDS[found]


def _check(
    known: Mapping[PersonId, Person],
    agencies: Mapping[AgencyId, Agency],
    seats: Mapping[PersonId, Capacity],
) -> None:
    if not 0 < len(seats) <= MOST_SEATS:
        raise Unacceptable("seats", f"Choose from 1 to {MOST_SEATS} people.")
    for person_id, capacity in seats.items():
        person = known.get(person_id)
        if person is None:
            raise Refused(ACTION, Why.NOT_THERE)
        if words := not_on_a_panel(agencies[person.agency_id], person, capacity):
            raise Unacceptable("seats", f"{person.name}: {words}")
