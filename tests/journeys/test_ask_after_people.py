"""When it is time to say who is still here, an agency's single points of contact get a letter, and
one more; nobody else does, and no letter goes twice (MAPPA rule 81)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from portal.domain.colleagues import (
    CERTIFY_EVERY,
    LATE_AFTER,
    LETTERS_APART,
    REMIND_AFTER,
    Ask,
    due_since,
    letter_due,
)
from portal.domain.deeds import Deed
from portal.domain.people import Role
from portal.jobs import certifying
from portal.journeys.agencies.ask_after_people import ask_after_people
from portal.journeys.agencies.certify_people import certify_people
from portal.journeys.agencies.remove_person import remove_person
from portal.journeys.deed import ClockDoubted
from portal.records import keys
from tests.giving_roles import give_roles
from tests.journeys.other_area import lines
from tests.journeys.planning import told
from tests.web.browsing import text_of
from tests.world import World

A_DAY = timedelta(days=1)
NOW = datetime(2026, 5, 20, 9, tzinfo=UTC)
FIRST, AGAIN = "still_here_asked", "still_here_reminded"


def asked(world: World) -> int:
    return ask_after_people(world.house, world.area.id)


def addresses(world: World, kind: str) -> list[str]:
    return sorted(notice.address for notice in told(world, kind))


# ---- when ----


def test_nobody_is_due_before_the_quarter_is_over() -> None:
    assert due_since([], NOW) is None
    assert due_since([NOW, NOW - CERTIFY_EVERY + timedelta(microseconds=1)], NOW) is None
    assert due_since([NOW - CERTIFY_EVERY, NOW - CERTIFY_EVERY - A_DAY], NOW) == NOW - A_DAY


@pytest.mark.parametrize(
    ("told_at", "days", "ask"),
    [
        ([], 0, Ask.FIRST),
        ([], 400, Ask.FIRST),
        ([0], 0, None),
        ([0], 20, None),
        ([0], 21, Ask.AGAIN),
        ([10], 21, None),
        ([10], 24, Ask.AGAIN),
        ([0, 21], 21, None),
        ([0, 21], 400, None),
        ([-13], 0, None),
        ([-14], 0, Ask.FIRST),
        ([-100, -79, 0], 21, Ask.AGAIN),
    ],
)
def test_two_letters_and_never_close_together(
    told_at: list[int], days: int, ask: Ask | None
) -> None:
    times: list[datetime] = [NOW + each * A_DAY for each in told_at]
    assert letter_due(NOW, times, NOW + days * A_DAY) is ask


def test_the_reminder_comes_before_it_is_late() -> None:
    assert REMIND_AFTER < LATE_AFTER
    assert LETTERS_APART < REMIND_AFTER


# ---- to whom, how often ----


def test_one_letter_when_it_is_due_and_one_reminder(world: World) -> None:
    grace = world.person("grace")
    assert asked(world) == 0
    world.clock.advance(CERTIFY_EVERY)
    assert (asked(world), asked(world)) == (1, 0)
    assert addresses(world, FIRST) == [grace.email]
    (line,) = lines(world.house, world.area.id, Deed.PEOPLE_ASKED_AFTER)
    assert (line["agency"], line["actor"]) == (grace.agency_id, "system")
    assert line["persons"] == [world.person("newcomer").id]
    world.clock.advance(REMIND_AFTER)
    assert (asked(world), asked(world)) == (1, 0)
    assert addresses(world, AGAIN) == [grace.email]
    world.clock.advance(10 * LATE_AFTER)
    assert asked(world) == 0
    assert len(told(world, FIRST)) == 1


def test_whoever_said_it_is_not_reminded_and_is_asked_anew_next_quarter(world: World) -> None:
    newcomer = world.person("newcomer").id
    world.clock.advance(CERTIFY_EVERY)
    assert asked(world) == 1
    certify_people(world.house, world.who("grace"), [newcomer], [])
    world.clock.advance(REMIND_AFTER)
    assert asked(world) == 0
    world.clock.advance(CERTIFY_EVERY)
    assert asked(world) == 1
    assert len(told(world, FIRST)) == 2
    assert told(world, AGAIN) == []


def test_the_deputy_is_told_too(world: World) -> None:
    mark, priya = world.person("mark"), world.person("priya")
    for name in ("mark", "priya"):
        give_roles(world, name, world.person(name).roles | {Role.SPOC})
    world.clock.advance(CERTIFY_EVERY)
    asked(world)
    assert {mark.email, priya.email} <= set(addresses(world, FIRST))


def test_whoevers_role_does_not_count_gets_no_letter(world: World) -> None:
    """Somebody who joined by a link that went astray learns nothing of who works here."""
    with world.house.engine.begin() as db:
        assert keys.remove_confirmation(db, world.area.id, world.person("grace").id)
    world.clock.advance(CERTIFY_EVERY)
    assert asked(world) == 0
    assert told(world, FIRST) == []
    assert lines(world.house, world.area.id, Deed.PEOPLE_ASKED_AFTER) == []


def test_an_agency_whose_people_have_left_is_not_asked(world: World) -> None:
    remove_person(world.house, world.who("helen"), world.person("newcomer").id)
    world.clock.advance(CERTIFY_EVERY)
    assert asked(world) == 0


def test_a_server_that_stood_still_names_no_day_that_has_gone_by(world: World) -> None:
    world.clock.advance(CERTIFY_EVERY + 3 * LATE_AFTER)
    assert asked(world) == 1
    (notice,) = told(world, FIRST)
    assert notice.fields["date"] >= world.clock.now().date().isoformat()


def test_nothing_is_told_while_the_clock_is_in_doubt(world: World) -> None:
    world.clock.advance(CERTIFY_EVERY)
    world.clock.doubt = "it ran ahead"
    with pytest.raises(ClockDoubted):
        asked(world)
    assert told(world, FIRST) == []


def test_the_timer_says_how_many(world: World) -> None:
    job = certifying.job(world.house)
    assert job.work() == ""
    world.clock.advance(CERTIFY_EVERY)
    assert job.work() == "1 asked"


def test_the_letter_leads_to_the_page(world: World) -> None:
    world.clock.advance(CERTIFY_EVERY)
    asked(world)
    (notice,) = told(world, FIRST)
    page = world.client("grace").get(notice.fields["path"])
    assert page.status_code == 200
    assert world.person("newcomer").name in text_of(page)
