"""Planning meeting days: London's clocks, cases in order, nothing in the past."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest

from portal.domain.deeds import Deed
from portal.domain.ids import CaseId
from portal.domain.meetings import Mode, SlotKind
from portal.journeys.meetings.plan_meeting import Heard, Planned, plan_meeting
from portal.journeys.unacceptable import Unacceptable
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from tests.journeys.other_area import lines, other_area
from tests.journeys.planning import MEETING, case_of
from tests.world import World


def plan(
    world: World, *heard: Heard, on: date = MEETING, at: time = time(10), by: str = "helen"
) -> Planned:
    return plan_meeting(world.house, world.who(by), on, at, Mode.BOTH, heard)


def first(case_id: CaseId, at: time | None = None) -> Heard:
    return Heard(case_id, SlotKind.INITIAL, at)


@pytest.mark.parametrize("by", ["helen", "tom", "priya"])
def test_rule_1_each_case_is_a_slot_of_its_own_thirty_minutes_apart(world: World, by: str) -> None:
    cases = [case_of(world, f"NM/2026/{number}") for number in (1, 2, 3)]
    planned = plan(world, *(first(case.id) for case in cases), by=by)
    assert planned.day.starts_at == datetime(2026, 5, 28, 9, 0, tzinfo=UTC)
    assert [slot.position for slot in planned.slots] == [1, 2, 3]
    assert [slot.starts_at.minute for slot in planned.slots] == [0, 30, 0]
    assert len({slot.id for slot in planned.slots}) == 3
    (entry,) = lines(world.house, world.area.id, Deed.MEETING_DAY_PLANNED)
    assert entry["cases"] == [case.id for case in cases]


def test_winter_is_greenwich_and_summer_is_not(world: World) -> None:
    case = case_of(world)
    assert plan(world, first(case.id), on=date(2026, 12, 1)).day.starts_at.hour == 10
    assert plan(world, first(case.id), on=date(2026, 7, 1)).day.starts_at.hour == 9


def test_a_case_may_have_a_time_of_its_own(world: World) -> None:
    cases = [case_of(world, f"NM/2026/{number}") for number in (1, 2, 3)]
    planned = plan(world, first(cases[0].id), first(cases[1].id, time(14, 15)), first(cases[2].id))
    assert [f"{slot.starts_at:%H:%M}" for slot in planned.slots] == ["09:00", "13:15", "13:45"]


@pytest.mark.parametrize(
    "times",
    [
        (time(9, 0), None),
        (None, time(10, 0)),
        (None, time(9, 59)),
        (time(11, 0), time(10, 30)),
    ],
)
def test_times_follow_each_other(world: World, times: tuple[time | None, time | None]) -> None:
    cases = [case_of(world, f"NM/2026/{number}") for number in (1, 2)]
    with pytest.raises(Unacceptable) as found:
        plan(world, *(first(case.id, at) for case, at in zip(cases, times, strict=True)))
    assert found.value.field == "cases"


@pytest.mark.parametrize(
    ("on", "at"), [(date(2026, 5, 3), time(10)), (date(2026, 5, 4), time(10)),
                   (date(2020, 1, 1), time(23, 59))],
)  # fmt: skip
def test_a_meeting_is_in_the_future(world: World, on: date, at: time) -> None:
    case = case_of(world)
    with pytest.raises(Unacceptable) as found:
        plan(world, first(case.id), on=on, at=at)
    assert found.value.field == "on"
    assert lines(world.house, world.area.id, Deed.MEETING_DAY_PLANNED) == []


def test_a_meeting_hears_at_least_one_case_and_none_twice(world: World) -> None:
    case = case_of(world)
    for heard in ([], [first(case.id), first(case.id)]):
        with pytest.raises(Unacceptable) as found:
            plan(world, *heard)
        assert found.value.field == "cases"


@pytest.mark.parametrize("by", ["alan", "carys", "sian", "dev"])
def test_nobody_else_plans(world: World, by: str) -> None:
    case = case_of(world)
    with pytest.raises(Refused):
        plan(world, first(case.id), by=by)


def test_another_areas_case_is_not_heard_here(world: World) -> None:
    case = case_of(world)
    there = other_area(world)
    for who, case_id in ((there.olga, case.id), (world.who("helen"), CaseId("a" * 26))):
        with pytest.raises(Refused) as found:
            plan_meeting(world.house, who, MEETING, time(10), Mode.REMOTE, [first(case_id)])
        assert found.value.why is Why.NOT_THERE
