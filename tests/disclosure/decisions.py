"""What the tests of decisions share: both kinds of decision, and that nothing came of one."""

from __future__ import annotations

import pytest

from portal.domain.deeds import Deed
from portal.domain.disclosures import Disclosure, DisclosureState
from portal.journeys.deed import tending
from portal.records import disclosures, texts
from portal.records.database import reading
from portal.records.people import people as people_table
from tests.disclosure.scene import (
    APPROVAL,
    REFUSAL,
    Scene,
    letters,
    lines,
)
from tests.giving_roles import give_roles
from tests.world import World

DECIDED = (Deed.DISCLOSURE_APPROVED, Deed.DISCLOSURE_REFUSED)
BOTH = pytest.mark.parametrize("decision", [APPROVAL, REFUSAL], ids=["approve", "refuse"])


def now(scene: Scene, asked: Disclosure) -> Disclosure:
    with reading(scene.world.house.engine) as db:
        found = disclosures.load(db, scene.world.area.id, asked.id)
    assert found is not None
    return found


def nothing_happened(scene: Scene, asked: Disclosure) -> None:
    assert now(scene, asked).state is DisclosureState.ASKED
    assert lines(scene.world, *DECIDED) == []
    assert "disclosure_decided" not in {letter.letter for letter in letters(scene.world)}
    with reading(scene.world.house.engine) as db:
        kept = texts.of_subjects(db, scene.world.area.id, [asked.id])
        assert [each.field for each in kept] == ["request"]


def set_person(world: World, name: str, **values: object) -> None:
    roles = values.get("roles")
    if isinstance(roles, frozenset):
        give_roles(world, name, roles)
        return
    with tending(world.house) as db:
        db.execute(
            people_table.update().where(people_table.c.id == world.person(name).id).values(**values)
        )
