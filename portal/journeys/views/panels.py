"""Standing panels: the list of them, and one of them as it is now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from portal.domain.facts import InArea
from portal.domain.ids import PanelId, PersonId
from portal.domain.meetings import Capacity
from portal.domain.people import Account, Agency, Person, Standing
from portal.journeys.deed import looking
from portal.journeys.house import House, Who
from portal.policy.actions import Action
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import panels, people
from portal.records.panels import Panel


@dataclass(frozen=True)
class PanelRow:
    """A panel and who sits on it, by name."""

    panel: Panel
    people: tuple[tuple[Person, Agency, Capacity], ...]


@dataclass(frozen=True)
class PanelForm:
    """Everybody who may sit on a panel, and who sits on this one."""

    panel: Panel | None
    everybody: tuple[tuple[Person, Agency], ...]
    seats: Mapping[PersonId, Capacity]


def panels_page(house: House, who: Who) -> tuple[PanelRow, ...]:
    """Raises Refused."""
    area_id = who.actor.area_id
    with looking(house, who.actor) as look:
        look.require(Action.UNIT_PEOPLE_READ, InArea(area_id))
        known, agencies = people.of_area(look.db, area_id), people.agencies_of(look.db, area_id)
        rows = []
        for panel in panels.of_area(look.db, area_id):
            seats = panels.seats_of(look.db, area_id, panel.id)
            sitting = sorted((known[key] for key in seats), key=lambda p: (p.name, p.id))
            rows.append(
                PanelRow(panel, tuple((p, agencies[p.agency_id], seats[p.id]) for p in sitting))
            )
        return tuple(rows)


def panel_form(house: House, who: Who, panel_id: PanelId | None) -> PanelForm:
    """Raises Refused."""
    area_id, action = who.actor.area_id, Action.UNIT_PANEL_SET
    with looking(house, who.actor, subject=panel_id or "") as look:
        look.require(action, InArea(area_id))
        agencies = people.agencies_of(look.db, area_id)
        everybody = tuple(
            (person, agencies[person.agency_id])
            for person in people.of_area(look.db, area_id).values()
            if person.account is not Account.LEFT
            and agencies[person.agency_id].standing is not Standing.ASSOCIATE
        )
        if panel_id is None:
            return PanelForm(None, everybody, {})
        panel = panels.load(look.db, area_id, panel_id)
        if panel is None:
            raise Refused(action, Why.NOT_THERE)
        return PanelForm(panel, everybody, panels.seats_of(look.db, area_id, panel_id))
