"""Opening a case: what is sealed, what is refused, and two coordinators at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from portal.domain.deeds import Deed
from portal.journeys.house import Who
from portal.journeys.meetings.open_case import NewCase, open_case
from portal.journeys.meetings.read_case import read_case
from portal.journeys.meetings.read_names import read_names
from portal.journeys.opening.opened import Spoilt
from portal.journeys.unacceptable import Unacceptable
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import cases
from portal.records.database import reading, writing
from tests.journeys.other_area import lines, other_area
from tests.journeys.planning import BORN, NAME, case_of
from tests.world import World


def new_case(world: World) -> NewCase:
    return NewCase("NM/2026/014", world.agency("probation").id, 1, 2, NAME, BORN)


@pytest.mark.parametrize("name", ["helen", "tom", "priya"])
def test_the_unit_opens_a_case_and_reads_it_back(world: World, name: str) -> None:
    case = case_of(world, by=name)
    read = read_case(world.house, world.who("helen"), case.id)
    assert (read.particulars.name, read.particulars.born) == (NAME, BORN)
    assert not case.is_child
    assert read_names(world.house, world.who("tom")) == {case.id: NAME}
    (entry,) = lines(world.house, world.area.id, Deed.CASE_OPENED)
    assert entry["case"] == case.id
    assert entry["version"] == case.particulars_version
    assert len(lines(world.house, world.area.id, Deed.PARTICULARS_READ)) == 1


def test_a_child_is_known_by_the_date_of_birth(world: World) -> None:
    assert case_of(world, born=date(2008, 5, 5)).is_child
    assert not case_of(world, "NM/2026/015", born=date(2008, 5, 4)).is_child


@pytest.mark.parametrize("name", ["alan", "carys", "sian", "dev", "una"])
def test_nobody_else_opens_or_reads_a_case(world: World, name: str) -> None:
    case = case_of(world)
    who = world.who(name)
    with pytest.raises(Refused):
        open_case(world.house, who, replace(new_case(world), reference="NM/2026/015"))
    with pytest.raises(Refused):
        read_case(world.house, who, case.id)
    with pytest.raises(Refused):
        read_names(world.house, who)
    assert lines(world.house, world.area.id, Deed.PARTICULARS_READ) == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("reference", "Quillfeather"),
        ("reference", "NM 2026 014"),
        ("reference", ""),
        ("reference", "NM/2026/014/" + "1" * 40),
        ("reference", "NM/2026/014\n"),
        ("category", 4),
        ("category", 0),
        ("category", 5),
        ("level", 1),
        ("level", 4),
        ("name", "   "),
        ("name", "x" * 121),
        ("name", "a\x00b"),
        ("born", date(2026, 5, 4)),
        ("born", date(2030, 1, 1)),
        ("born", date(1884, 1, 1)),
    ],
)
def test_what_can_not_stand_is_refused_with_words_that_do_not_repeat_it(
    world: World, field: str, value: object
) -> None:
    new = replace(new_case(world), **{field: value})
    if value == "NM/2026/014\n":
        assert open_case(world.house, world.who("helen"), new).reference == "NM/2026/014"
        return
    with pytest.raises(Unacceptable) as found:
        open_case(world.house, world.who("helen"), new)
    assert found.value.field == field
    assert not str(value).strip() or str(value) not in found.value.words or field == "category"
    assert lines(world.house, world.area.id, Deed.CASE_OPENED) == []


def test_a_category_4_case_is_never_opened_for_the_whole_unit(world: World) -> None:
    """Restricted it can be, where the area has it on: tests/restricted/test_category_4.py."""
    with pytest.raises(Unacceptable, match="category") as found:
        open_case(world.house, world.who("helen"), replace(new_case(world), category=4))
    assert "opened as a restricted case" in found.value.words
    assert lines(world.house, world.area.id, Deed.CASE_OPENED) == []


def test_a_reference_is_used_once_in_an_area_whatever_its_capitals(world: World) -> None:
    case_of(world)
    for reference in ("NM/2026/014", "nm/2026/014", " NM/2026/014 "):
        with pytest.raises(Unacceptable) as found:
            case_of(world, reference, "Somebody Else")
        assert found.value.field == "reference"
    assert list(read_names(world.house, world.who("helen")).values()) == [NAME]


def test_another_areas_agency_and_case_do_not_exist_here(world: World) -> None:
    there = other_area(world)
    theirs = open_case(
        world.house, there.olga, NewCase("NM/2026/014", there.agency.id, 1, 3, "Ann Other", BORN)
    )
    with pytest.raises(Refused) as found:
        open_case(
            world.house,
            world.who("helen"),
            replace(new_case(world), lead_agency_id=there.agency.id),
        )
    assert found.value.why is Why.NOT_THERE
    with pytest.raises(Refused) as found:
        read_case(world.house, world.who("helen"), theirs.id)
    assert found.value.why is Why.NOT_THERE
    ours = case_of(world)
    assert set(read_names(world.house, world.who("helen"))) == {ours.id}
    assert set(read_names(world.house, there.olga)) == {theirs.id}


def test_two_who_open_cases_at_once_lose_no_name(world: World) -> None:
    people: list[Who] = [world.who("helen"), world.who("priya")]
    agency = world.agency("probation").id

    def open_four(at: int) -> None:
        for number in range(4):
            name = f"Name {at} {number}"
            open_case(
                world.house, people[at], NewCase(f"NM/{at}/{number}", agency, 1, 2, name, BORN)
            )

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(open_four, at) for at in (0, 1)]:
            done.result()
    found = read_names(world.house, world.who("helen"))
    assert sorted(found.values()) == [f"Name {at} {number}" for at in (0, 1) for number in range(4)]
    with reading(world.house.engine) as db:
        assert set(cases.of_area(db, world.area.id)) == set(found)


def test_of_two_who_give_one_reference_one_is_refused(world: World) -> None:
    people = [world.who("helen"), world.who("tom")]
    agency = world.agency("probation").id

    def try_it(at: int) -> bool:
        try:
            open_case(world.house, people[at], NewCase("NM/2026/9", agency, 1, 2, f"N {at}", BORN))
        except Unacceptable:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        won = [done.result() for done in [pool.submit(try_it, at) for at in (0, 1)]]
    assert sorted(won) == [False, True]
    assert len(read_names(world.house, world.who("helen"))) == 1


def test_names_leave_one_line_a_session_however_often_they_are_read(world: World) -> None:
    case_of(world)
    helen, tom = world.who("helen"), world.who("tom")
    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(read_names, world.house, helen) for _ in range(8)]:
            assert list(done.result().values()) == [NAME]
    assert len(lines(world.house, world.area.id, Deed.NAMES_READ)) == 1
    read_names(world.house, tom)
    read_names(world.house, tom)
    assert len(lines(world.house, world.area.id, Deed.NAMES_READ)) == 2


def test_without_a_session_every_reading_leaves_its_line(world: World) -> None:
    stranger = replace(world.who("helen"), session_id=b"nothing")
    read_names(world.house, stranger)
    read_names(world.house, stranger)
    assert len(lines(world.house, world.area.id, Deed.NAMES_READ)) == 2


def test_the_name_stands_in_the_clear_nowhere(world: World, tmp_path: Path) -> None:
    case = case_of(world)
    read_names(world.house, world.who("helen"))
    read_case(world.house, world.who("helen"), case.id)
    for file in [file for file in tmp_path.rglob("*") if file.is_file()]:
        body = file.read_bytes()
        for needle in ("Quillfeather", "Zebedee", "1984-02-29"):
            assert needle.encode() not in body, f"{needle} stands in {file.name}"
            assert needle.encode().hex().encode() not in body
    for name in world.store.names():
        assert b"Quillfeather" not in world.store.get(name)


def test_an_index_that_somebody_exchanged_does_not_open(world: World) -> None:
    case_of(world)
    with writing(world.house.engine) as db:
        cases.save_names(db, world.area.id, b"age-encryption.org/v1\n", world.clock.now())
        db.commit()
    with pytest.raises(Spoilt):
        read_names(world.house, world.who("helen"))
    with pytest.raises(Spoilt):
        case_of(world, "NM/2026/015")
