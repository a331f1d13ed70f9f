"""Somebody with the database exchanges the sealed index of names: it is not believed."""

from __future__ import annotations

import json

import pytest

from portal.crypto.sealing import seal_text
from portal.domain.deeds import Deed
from portal.domain.ids import CaseId
from portal.journeys.keys.unit_of import OpenUnit, open_unit_of
from portal.journeys.meetings.names import digest_of, sealed_index
from portal.journeys.meetings.read_names import read_names
from portal.journeys.opening.opened import Spoilt
from portal.policy.judge import Refused
from portal.records import cases
from portal.records.database import reading, writing
from tests.journeys.other_area import lines
from tests.journeys.planning import NAME, case_of
from tests.world import World


def unit_of(world: World) -> OpenUnit:
    with reading(world.house.engine) as db:
        return open_unit_of(world.house, db, world.who("helen"))


def kept(world: World) -> bytes:
    with reading(world.house.engine) as db:
        found = cases.sealed_names(db, world.area.id)
    assert found is not None
    return found


def exchange(world: World, sealed: bytes) -> None:
    with writing(world.house.engine) as db:
        cases.save_names(db, world.area.id, sealed, world.clock.now())
        db.commit()


def believed_by_nobody(world: World) -> None:
    for name in ("helen", "tom", "priya"):
        with pytest.raises(Spoilt):
            read_names(world.house, world.who(name))
    # Nor is it ever signed again as if it were right.
    with pytest.raises(Spoilt):
        case_of(world, "NM/2026/077")


def test_names_that_anybody_sealed_to_the_unit(world: World) -> None:
    case = case_of(world)
    unit = unit_of(world)
    exchange(
        world, seal_text(json.dumps({case.id: "Percy Vole"}).encode(), [unit.public.recipient])
    )
    believed_by_nobody(world)


@pytest.mark.parametrize("name", ["carys", "tom", "helen"])
def test_names_that_somebody_signed_and_no_line_tells_of(world: World, name: str) -> None:
    case = case_of(world)
    forged = sealed_index(world.who(name), unit_of(world), {case.id: "Percy Vole"})
    exchange(world, forged)
    believed_by_nobody(world)


def test_an_older_index_put_back(world: World) -> None:
    case_of(world)
    older = kept(world)
    case_of(world, "NM/2026/015")
    exchange(world, older)
    believed_by_nobody(world)


def test_no_index_where_there_are_cases(world: World) -> None:
    case_of(world)
    with writing(world.house.engine) as db:
        db.exec_driver_sql("DELETE FROM names")
        db.commit()
    believed_by_nobody(world)


def test_an_index_before_the_first_case(world: World) -> None:
    exchange(world, sealed_index(world.who("helen"), unit_of(world), {CaseId("x" * 26): NAME}))
    believed_by_nobody(world)


def test_nobody_outside_the_unit_reads_it(world: World) -> None:
    case_of(world)
    for name in ("alan", "carys", "sian", "dev", "una"):
        with pytest.raises(Refused):
            read_names(world.house, world.who(name))


def test_the_line_that_opened_the_newest_case_names_it(world: World) -> None:
    first = case_of(world)
    second = case_of(world, "NM/2026/015", by="priya")
    told = lines(world.house, world.area.id, Deed.CASE_OPENED)
    assert told[-1]["names"] == digest_of(kept(world))
    assert told[0]["names"] != told[-1]["names"]
    assert read_names(world.house, world.who("tom")) == {first.id: NAME, second.id: NAME}
