"""Standing panels: named lists of people, each with the capacity in which they come."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Column, Connection, String, Table, UniqueConstraint

from portal.domain.ids import AreaId, PanelId, PersonId
from portal.domain.meetings import Capacity
from portal.records.schema import (
    Closed,
    add,
    area_column,
    every,
    first,
    id_column,
    metadata,
    put,
    remove,
)

panels = Table(
    "panels",
    metadata,
    id_column("id", primary_key=True),
    area_column(),
    Column("name", String(120), nullable=False),
    UniqueConstraint("area_id", "name"),
)

panel_seats = Table(
    "panel_seats",
    metadata,
    id_column("panel_id", primary_key=True),
    id_column("person_id", primary_key=True),
    area_column(),
    Column("capacity", Closed(Capacity), nullable=False),
)


@dataclass(frozen=True)
class Panel:
    id: PanelId
    area_id: AreaId
    name: str


@dataclass(frozen=True)
class Seat:
    """Somebody on a panel, and in what capacity they are invited."""

    panel_id: PanelId
    person_id: PersonId
    area_id: AreaId
    capacity: Capacity


def save(db: Connection, panel: Panel) -> None:
    """Replaces the panel's name."""
    put(db, panels, panel)


def load(db: Connection, area_id: AreaId, panel_id: PanelId) -> Panel | None:
    return first(db, panels, Panel, panels.c.area_id == area_id, panels.c.id == panel_id)


def of_area(db: Connection, area_id: AreaId) -> list[Panel]:
    return every(db, panels, Panel, panels.c.area_id == area_id, order=[panels.c.name])


def seat(db: Connection, panel: Panel, people: Mapping[PersonId, Capacity]) -> None:
    """Just these people sit on it from now on."""
    remove(db, panel_seats, panel_seats.c.panel_id == panel.id)
    for person_id, capacity in people.items():
        add(db, panel_seats, Seat(panel.id, person_id, panel.area_id, capacity))


def seats_of(db: Connection, area_id: AreaId, panel_id: PanelId) -> dict[PersonId, Capacity]:
    found = every(
        db,
        panel_seats,
        Seat,
        panel_seats.c.area_id == area_id,
        panel_seats.c.panel_id == panel_id,
        order=[panel_seats.c.person_id],
    )
    return {seat.person_id: seat.capacity for seat in found}


def forget(db: Connection, area_id: AreaId, person_id: PersonId) -> None:
    """Whoever left sits on no panel."""
    remove(db, panel_seats, panel_seats.c.area_id == area_id, panel_seats.c.person_id == person_id)
