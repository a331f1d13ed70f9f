"""A restricted case at a meeting, held by Tom and Grace; Helen is a co-ordinator who does not."""

from __future__ import annotations

import shutil
from pathlib import Path

from portal.domain.ids import CaseId, PersonId
from portal.domain.people import Role
from portal.domain.restricted import Concern
from portal.domain.roles import RoleReason
from portal.journeys.keys.unit_of import Restriction, restriction_of
from portal.journeys.meetings.open_case import NewCase
from portal.journeys.restricted.change_holders import (
    HoldersChanged,
    change_holders,
    state_of,
)
from portal.journeys.restricted.open_restricted import open_restricted
from portal.journeys.roles.change_roles import change_roles
from portal.records.database import open_engine, reading
from tests.staging import BORN, Stage, Template, stage_case
from tests.world import World

NAME = "Gordon Pike"
REFERENCE = "NMR/26/0200"
HOLDERS = ("tom", "grace")


def promote(world: World, name: str = "grace") -> None:
    """Another co-ordinator, by Helen."""
    person = world.person(name)
    change_roles(
        world.house,
        world.who("helen"),
        person.id,
        person.roles,
        frozenset({Role.COORDINATOR}),
        next(iter(RoleReason)),
        world.code("helen"),
    )


def ids(world: World, names: tuple[str, ...]) -> list[PersonId]:
    return [world.secrets(name).person_id for name in names]


def new_case(world: World, reference: str = REFERENCE, category: int = 2) -> NewCase:
    return NewCase(reference, world.agency("probation").id, category, 2, NAME, BORN)


def opened(
    world: World,
    by: str = "tom",
    holders: tuple[str, ...] = HOLDERS,
    reference: str = REFERENCE,
) -> CaseId:
    """A restricted case, opened by one of its holders."""
    who, held = world.who(by), ids(world, holders)
    new = new_case(world, reference)
    return open_restricted(world.house, who, new, Concern.FAMILY, held).id


def restricted_template(populated: Path, folder: Path) -> Template:
    """The restricted case with its meeting, beside no other."""
    file = folder / "portal.db"
    shutil.copyfile(populated, file)
    world = World(open_engine(f"sqlite:///{file}"), folder)
    promote(world)
    places = stage_case(world, opened(world), "tom")
    world.house.engine.dispose()
    return Template(file, dict(world.store._kept), places)


def restriction(stage: Stage) -> Restriction:
    with reading(stage.house.engine) as db:
        found = restriction_of(stage.house, db, stage.world.area.id, stage.case_id)
    assert found is not None
    return found


def set_holders(stage: Stage, by: str, *names: str) -> HoldersChanged:
    world = stage.world
    with reading(stage.house.engine) as db:
        was = state_of(db, world.area.id, stage.case_id)
    who, held, code = world.who(by), ids(world, names), world.code(by)
    return change_holders(stage.house, who, stage.case_id, held, was, code)
