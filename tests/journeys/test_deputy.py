"""A deputy for a time: with their own key, from one moment to another, judged in every request."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from portal.domain.deeds import Deed
from portal.domain.ids import PersonId
from portal.domain.people import Role
from portal.domain.roles import LONGEST_TERM, DeputyReason
from portal.journeys.agencies.remove_person import remove_person
from portal.journeys.deed import ClockDoubted, tending
from portal.journeys.house import Who
from portal.journeys.meetings.read_case import read_case
from portal.journeys.roles.end_deputy import end_deputy, end_terms
from portal.journeys.roles.name_deputy import name_deputy
from portal.journeys.signing_in.end_sessions_of import end_sessions_of
from portal.journeys.signing_in.recall import Recalled, recall
from portal.journeys.signing_in.second_factor import CodeRefused
from portal.journeys.unacceptable import Unacceptable
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import deputies, keys
from portal.records.database import reading
from tests.journeys.other_area import lines, other_area
from tests.journeys.planning import case_of, told
from tests.web.browsing import send, text_of
from tests.world import World, cast

DAY = timedelta(days=1)
A_MOMENT = timedelta(microseconds=1)


def id_of(world: World, name: str) -> PersonId:
    return cast()[name].person_id


def name_one(
    world: World, name: str = "mark", begins: timedelta = timedelta(), lasts: timedelta = DAY * 7,
    by: str = "helen",
) -> datetime:  # fmt: skip
    """Returns until when."""
    code = world.code(by)
    start = world.clock.now() + begins
    name_deputy(
        world.house, world.who(by), id_of(world, name), start, start + lasts,
        DeputyReason.AWAY, code,
    )  # fmt: skip
    return start + lasts


def now_as(world: World, name: str) -> Who:
    """As a request of theirs at this moment begins."""
    found = recall(world.house, world.begin(name))
    assert isinstance(found, Recalled)
    return found.who()


def acts(world: World, name: str = "mark") -> bool:
    return Role.DEPUTY in now_as(world, name).actor.roles


def wrapped(world: World, name: str = "mark") -> bool:
    with reading(world.house.engine) as db:
        return keys.unit_wrap_of(db, world.area.id, id_of(world, name)) is not None


# ---- from, until ----


def test_they_decide_and_open_with_their_own_key_and_under_their_own_name(world: World) -> None:
    case = case_of(world)
    assert not acts(world)
    until = name_one(world)
    mark = now_as(world, "mark")
    assert mark.actor.deputy_until == until
    read_case(world.house, mark, case.id)
    end_sessions_of(world.house, mark, id_of(world, "carys"))
    closed = lines(world.house, world.area.id, Deed.SESSION_CLOSED)[-1]
    assert closed["actor"] == id_of(world, "mark")
    (line,) = lines(world.house, world.area.id, Deed.DEPUTY_NAMED)
    assert (line["person"], line["because"]) == (id_of(world, "mark"), "away")
    addresses = {notice.address for notice in told(world, "deputy_named")}
    assert addresses == {
        cast()["mark"].email, cast()["helen"].email, cast()["tom"].email, world.area.unit_email,
    }  # fmt: skip


def test_it_begins_at_its_moment_and_ends_by_itself_at_its_moment(world: World) -> None:
    case = case_of(world)
    until = name_one(world, begins=DAY)
    assert not acts(world)
    with pytest.raises(Refused):
        read_case(world.house, now_as(world, "mark"), case.id)
    world.clock.advance(DAY)
    assert acts(world)
    world.clock.set(until - A_MOMENT)
    assert acts(world)
    begun_before = now_as(world, "mark")
    world.clock.set(until)
    assert not acts(world)
    # No timer has run: what was begun as deputy is judged at this moment too.
    assert wrapped(world)
    for who in (begun_before, now_as(world, "mark")):
        with pytest.raises(Refused) as found:
            read_case(world.house, who, case.id)
        assert found.value.why is Why.NOT_YOUR_ROLE
        with pytest.raises(Refused):
            end_sessions_of(world.house, who, id_of(world, "carys"))


def test_the_timer_takes_back_what_they_were_given_once(world: World) -> None:
    until = name_one(world)
    assert end_terms(world.house, world.area.id) == 0
    assert wrapped(world)
    world.clock.set(until)
    assert end_terms(world.house, world.area.id) == 1
    assert end_terms(world.house, world.area.id) == 0
    assert not wrapped(world)
    (line,) = lines(world.house, world.area.id, Deed.DEPUTY_ENDED)
    assert (line["person"], line["wraps_deleted"]) == (id_of(world, "mark"), 1)
    assert len(told(world, "deputy_ended")) == 4
    name_one(world)
    assert acts(world)


def test_whoever_belongs_to_the_unit_keeps_its_key_afterwards(world: World) -> None:
    until = name_one(world, "priya")
    world.clock.set(until)
    assert end_terms(world.house, world.area.id) == 1
    assert wrapped(world, "priya")
    assert not acts(world, "priya")


def test_nothing_is_taken_while_the_clock_is_in_doubt(world: World) -> None:
    world.clock.set(name_one(world))
    world.clock.doubt = "it ran ahead"
    with pytest.raises(ClockDoubted):
        end_terms(world.house, world.area.id)


def test_a_co_ordinator_ends_it_before(world: World) -> None:
    name_one(world)
    begun = now_as(world, "mark")
    end_deputy(world.house, world.who("helen"), id_of(world, "mark"))
    assert not acts(world)
    assert not wrapped(world)
    with pytest.raises(Refused):
        read_case(world.house, begun, case_of(world).id)
    with pytest.raises(Unacceptable):
        end_deputy(world.house, world.who("helen"), id_of(world, "mark"))


def test_a_leavers_term_ends_with_everything_else(world: World) -> None:
    name_one(world)
    remove_person(world.house, world.who("helen"), id_of(world, "mark"))
    assert not wrapped(world)
    world.clock.advance(DAY * 8)
    assert end_terms(world.house, world.area.id) == 0


# ---- rows are not believed ----


def test_a_term_slipped_into_the_database_gives_nothing(world: World) -> None:
    now = world.clock.now()
    with tending(world.house) as db:
        for position in (0, 3, 10**6):
            term = deputies.Term(id_of(world, "mark"), world.area.id, now, now + DAY, position)
            deputies.save(db, term)
            db.commit()
            assert not acts(world)


@pytest.mark.parametrize("change", ["until_at", "from_at", "person_id"])
def test_nor_does_one_that_was_changed(world: World, change: str) -> None:
    name_one(world, begins=DAY)
    with reading(world.house.engine) as db:
        term = deputies.of_person(db, world.area.id, id_of(world, "mark"))
    assert term is not None
    now = world.clock.now()
    new = {"until_at": now + DAY * 60, "from_at": now, "person_id": id_of(world, "carys")}
    with tending(world.house) as db:
        deputies.save(db, replace(term, **{change: new[change]}))
    world.clock.advance(DAY * 2)
    assert not acts(world, "carys" if change == "person_id" else "mark")


def test_nor_one_that_was_put_back_after_its_end(world: World) -> None:
    name_one(world)
    with reading(world.house.engine) as db:
        term = deputies.of_person(db, world.area.id, id_of(world, "mark"))
        wrap = keys.unit_wrap_of(db, world.area.id, id_of(world, "mark"))
    assert term is not None
    assert wrap is not None
    end_deputy(world.house, world.who("helen"), id_of(world, "mark"))
    with tending(world.house) as db:
        deputies.save(db, term)
        keys.save_unit_wrap(db, wrap)
    assert not acts(world)


# ---- who, whom, when ----


@pytest.mark.parametrize("by", ["tom", "priya", "alan", "carys", "sian", "dev"])
def test_only_a_co_ordinator_names_one(world: World, by: str) -> None:
    with pytest.raises(Refused) as found:
        name_one(world, "ruth", by=by)
    assert found.value.why is Why.NOT_YOUR_ROLE


def test_a_deputy_for_a_time_names_nobody(world: World) -> None:
    name_one(world)
    now = world.clock.now()
    with pytest.raises(Refused):
        name_deputy(world.house, now_as(world, "mark"), id_of(world, "ruth"), now, now + DAY,
                    DeputyReason.WORK, world.code("mark"))  # fmt: skip


def test_nobody_names_themselves_nor_another_areas(world: World) -> None:
    with pytest.raises(Refused) as found:
        name_one(world, "helen")
    assert found.value.why is Why.NOT_ONESELF
    olga, now = other_area(world).olga, world.clock.now()
    with pytest.raises(Refused):
        name_deputy(world.house, olga, id_of(world, "mark"), now, now + DAY,
                    DeputyReason.WORK, "123456")  # fmt: skip


@pytest.mark.parametrize("name", ["tom", "sian", "dev", "una", "newcomer"])
def test_who_cannot_be_one(world: World, name: str) -> None:
    """Deputies, those who watch, and whose key nobody has confirmed or who have not joined."""
    with pytest.raises(Unacceptable):
        name_one(world, name)
    assert lines(world.house, world.area.id, Deed.DEPUTY_NAMED) == []


def test_one_term_at_a_time(world: World) -> None:
    name_one(world)
    with pytest.raises(Unacceptable):
        name_one(world)


@pytest.mark.parametrize(
    ("begins", "lasts", "field"),
    [
        (timedelta(), timedelta(), "until"),
        (timedelta(), -DAY, "until"),
        (-DAY * 3, DAY, "until"),
        (timedelta(), LONGEST_TERM + DAY, "until"),
        (LONGEST_TERM + DAY, DAY, "from_at"),
    ],
)
def test_times_without_sense(world: World, begins: timedelta, lasts: timedelta, field: str) -> None:
    with pytest.raises(Unacceptable) as found:
        name_one(world, begins=begins, lasts=lasts)
    assert found.value.field == field
    assert not acts(world)


def test_without_an_unused_code_nobody_is_named(world: World) -> None:
    used, now = world.code("helen"), world.clock.now()
    args = (now, now + DAY, DeputyReason.AWAY)
    name_deputy(world.house, world.who("helen"), id_of(world, "mark"), *args, used)
    for code in (used, "000000", ""):
        with pytest.raises(CodeRefused):
            name_deputy(world.house, world.who("helen"), id_of(world, "ruth"), *args, code)
    assert not acts(world, "ruth")


# ---- in the browser ----


def test_in_the_browser(world: World) -> None:
    client, path = world.client("helen"), f"/unit/people/{id_of(world, 'mark')}/deputy"
    mark = world.client("mark")
    assert mark.get("/unit/").status_code == 403
    fields = {"from_at": ["4", "5", "2026"], "until": ["8", "5", "2026"], "because": "away"}
    assert "not right" in text_of(send(client, path, **fields, code="000000"))
    late = fields | {"until": ["1", "5", "2026"]}
    assert "Choose an end" in text_of(send(client, path, **late, code=world.code("helen")))
    assert send(client, path, **fields, code=world.code("helen")).status_code == 302
    assert mark.get("/unit/").status_code == 200
    assert "Deputy MAPPA Co-ordinator" in mark.get("/").get_data(as_text=True)
    shown = text_of(client.get("/unit/people/"))
    assert "Acts as deputy from 4 May 2026 until 8 May 2026" in shown
    ended = send(client, f"{path}/end", "/unit/people/")
    assert ended.status_code == 302
    assert mark.get("/unit/").status_code == 302
