"""What the unit's pages show, to whom, and at what price in queries."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from sqlalchemy import event

from portal.domain.grants import GrantState
from portal.domain.ids import CaseId, MeetingDayId, SlotId
from portal.domain.meetings import Capacity
from portal.domain.people import Service, Standing
from portal.journeys.agencies.remove_person import remove_person
from portal.journeys.house import House, Who
from portal.journeys.meetings.invite_to_slot import invite_to_slot
from portal.journeys.meetings.read_names import read_names
from portal.journeys.reports.ask_for_report import ask_for_report
from portal.journeys.views.case import case_page
from portal.journeys.views.cases import agencies_to_lead, case_rows
from portal.journeys.views.meeting import cases_to_hear, meeting_page
from portal.journeys.views.people import KeyState, agencies_to_join, people_page, to_remove
from portal.journeys.views.slot import slot_page, to_ask, to_invite
from portal.journeys.views.today import MinutesState, minutes_state, today
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import sendings
from portal.records.board import Tally
from portal.records.database import writing
from tests.journeys.other_area import other_area
from tests.journeys.planning import agency_of, case_of, meeting_of, slot_of
from tests.journeys.test_people import granted
from tests.world import World

EVERYBODY_ELSE = ["alan", "carys", "una", "sian", "dev"]


@contextmanager
def queries(world: World) -> Iterator[list[str]]:
    """The statements that reach the database meanwhile, without the settings of connections."""
    seen: list[str] = []

    def note(*args: object) -> None:
        if not str(args[2]).startswith("PRAGMA"):
            seen.append(str(args[2]))

    event.listen(world.house.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(world.house.engine, "before_cursor_execute", note)


def invite(world: World, slot_id: SlotId, *names: str) -> None:
    for name in names:
        invite_to_slot(
            world.house, world.who("helen"), slot_id, world.person(name).id, Capacity.MANAGER, "x"
        )


def test_the_board_counts_what_there_is(world: World) -> None:
    slot = slot_of(world)
    invite(world, slot.id, "carys", "adeyemi", "una")
    ask_for_report(
        world.house, world.who("helen"), slot.id, world.agency("health").id, "update",
        date(2026, 5, 20),
    )  # fmt: skip
    grant = granted(world, slot, "carys", GrantState.GRANTED)
    granted(world, slot, "una", GrantState.WAITING)
    with writing(world.house.engine) as db:
        for at in range(2):
            sendings.save_opening(
                db,
                sendings.Opening(
                    f"opening{at}", world.area.id, grant, sendings.SendingId("sendingcarys"),
                    world.person("carys").id, world.clock.now(),
                ),
            )  # fmt: skip
        db.commit()
    board = today(world.house, world.who("priya"))
    ((day,), past) = board.coming, board.past
    assert past == ()
    (row,) = day.rows
    assert (row.invited, row.reports) == (3, Tally(0, 2))
    assert row.minutes is MinutesState.NOT_FILED
    assert not row.locked
    assert [person.name for person in board.waiting] == ["Una Berg"]
    page = slot_page(world.house, world.who("priya"), slot.id)
    assert [(s.people, s.opened, s.waiting, s.taken_back) for s in page.sendings] == [
        (1, 1, 0, 0),
        (1, 0, 1, 0),
    ]


def test_a_meeting_moves_to_the_past_the_day_after_and_leaves_after_twelve_weeks(
    world: World,
) -> None:
    slot_of(world)
    for days, coming, past in ((24, 1, 0), (25, 0, 1), (24 + 84, 0, 1), (24 + 86, 0, 0)):
        world.clock.set(world.clock.now().replace(month=5, day=4) + timedelta(days=days))
        board = today(world.house, world.who("helen"))
        assert (len(board.coming), len(board.past)) == (coming, past), days


@pytest.mark.parametrize("many", [1, 6])
def test_the_board_takes_at_most_thirteen_queries(world: World, many: int) -> None:
    cases = [case_of(world, f"NM/2026/{number}") for number in range(many)]
    for week in range(many):
        day = meeting_of(world, *cases, on=date(2026, 6, 1) + timedelta(weeks=week))
        invite(world, day.slots[0].id, "carys", "ruth")
    who = world.who("helen")
    read_names(world.house, who)
    with queries(world) as seen:
        today(world.house, who)
        board = len(seen)
        names = read_names(world.house, who)
    assert len(names) == many
    began = [statement.startswith("BEGIN") for statement in seen]
    assert began[:board].count(False) <= 13
    # That the index is the one the ledger names, by a confirmed key: as many for any number.
    assert began[board:].count(False) <= 25


@pytest.mark.parametrize("name", EVERYBODY_ELSE)
def test_nobody_outside_the_unit_sees_any_of_it(world: World, name: str) -> None:
    slot = slot_of(world)
    invite(world, slot.id, "carys", "una", "alan")
    views: list[Callable[[House, Who], object]] = [
        today,
        people_page,
        agencies_to_lead,
        agencies_to_join,
        cases_to_hear,
        lambda house, who: case_rows(house, who, {}),
        lambda house, who: case_page(house, who, slot.case_id),
        lambda house, who: meeting_page(house, who, slot.meeting_day_id),
        lambda house, who: slot_page(house, who, slot.id),
        lambda house, who: to_invite(house, who, slot.id),
        lambda house, who: to_ask(house, who, slot.id),
        lambda house, who: to_remove(house, who, world.person("joe").id),
    ]
    for view in views:
        with pytest.raises(Refused):
            view(world.house, world.who(name))


def test_what_is_another_areas_does_not_exist_here(world: World) -> None:
    slot, there = slot_of(world), other_area(world)
    views: list[Callable[[House, Who], object]] = [
        lambda house, who: case_page(house, who, slot.case_id),
        lambda house, who: meeting_page(house, who, slot.meeting_day_id),
        lambda house, who: slot_page(house, who, slot.id),
        lambda house, who: to_invite(house, who, slot.id),
        lambda house, who: to_ask(house, who, slot.id),
        lambda house, who: to_remove(house, who, world.person("joe").id),
        lambda house, who: case_page(house, who, CaseId("nothing")),
        lambda house, who: meeting_page(house, who, MeetingDayId("nothing")),
        lambda house, who: slot_page(house, who, SlotId("nothing")),
    ]
    for view in views:
        with pytest.raises(Refused) as found:
            view(world.house, there.olga)
        assert found.value.why is Why.NOT_THERE
    assert today(world.house, there.olga).coming == ()
    assert today(world.house, there.olga).waiting == ()
    assert case_rows(world.house, there.olga, {}) == ()


@pytest.mark.parametrize(
    ("find", "found"),
    [
        ("", 3),
        ("quill", 1),
        ("QUILLFEATHER zeb", 1),
        ("2026/015", 1),
        ("nm", 3),
        ("quill 015", 0),
        ("%", 0),
        ("nobody", 0),
    ],
)
def test_cases_are_found_by_name_or_reference(world: World, find: str, found: int) -> None:
    case_of(world)
    case_of(world, "NM/2026/015", "Åsa Öberg")
    case_of(world, "NM/2026/016", "Someone Else")
    names = read_names(world.house, world.who("helen"))
    assert len(case_rows(world.house, world.who("helen"), names, find)) == found


def test_the_next_meeting_of_a_case_is_the_first_still_to_come(world: World) -> None:
    case = case_of(world)
    for week in (2, 0, 1):
        meeting_of(world, case, on=date(2026, 5, 7) + timedelta(weeks=week))
    world.clock.advance(timedelta(days=5))
    (row,) = case_rows(world.house, world.who("helen"), {})
    assert row.next_at is not None
    assert row.next_at.date() == date(2026, 5, 14)
    assert len(case_page(world.house, world.who("helen"), case.id).slots) == 3


def test_people_are_shown_with_the_state_of_their_keys(world: World) -> None:
    remove_person(world.house, world.who("helen"), world.person("joe").id)
    rows = {
        row.person.id: row
        for agency in people_page(world.house, world.who("helen"))
        for row in agency.people
    }
    states = {name: rows[world.person(name).id].key for name in ("una", "newcomer", "joe", "carys")}
    assert states == {
        "una": KeyState.NOT_CONFIRMED,
        "newcomer": KeyState.NOT_JOINED,
        "joe": KeyState.LEFT,
        "carys": KeyState.READY,
    }
    assert rows[world.person("una").id].may_confirm
    assert not rows[world.person("helen").id].may_remove
    for agency in people_page(world.house, world.who("priya")):
        assert not any(row.may_confirm or row.may_remove for row in agency.people)


def test_who_is_invited_already_or_only_watches_is_not_on_the_list(world: World) -> None:
    slot = slot_of(world)
    invite(world, slot.id, "carys")
    remove_person(world.house, world.who("helen"), world.person("joe").id)
    school = agency_of(world, "Elm School", Standing.DUTY_TO_COOPERATE, Service.EDUCATION)
    names = {p.name for p, _ in to_invite(world.house, world.who("helen"), slot.id).people}
    assert {"Ruth Okell", "Una Berg", "Nia Comer"} <= names
    assert not names & {"Carys Bevan", "Sian Frost", "Dev Anand", "Joe Tarn"}
    asked = to_ask(world.house, world.who("helen"), slot.id)
    assert school in asked.agencies
    assert asked.due_on == date(2026, 5, 13)


def test_how_far_the_minutes_are() -> None:
    assert minutes_state(None, False) is MinutesState.NOT_FILED
    assert minutes_state(False, False) is MinutesState.WITH_CHAIR
    assert minutes_state(True, False) is MinutesState.APPROVED
    assert minutes_state(True, True) is MinutesState.SENT
