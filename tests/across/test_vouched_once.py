"""Whoever belongs to several areas is let in without a code once in thirty days by all of them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal.domain.ids import PersonId
from portal.domain.meetings import Capacity
from portal.journeys.deed import tending
from portal.journeys.house import Who
from portal.journeys.meetings.invite_to_slot import invite_to_slot
from portal.journeys.signing_in.vouch import vouch
from portal.journeys.unacceptable import Unacceptable
from portal.records import meetings
from portal.records.database import reading
from tests.across.scene import Two, two_areas
from tests.across.test_kept_elsewhere import COORDINATOR, half_way, words_on
from tests.staging import Stage
from tests.web.browsing import send, text_of


@pytest.fixture
def two(stage: Stage) -> Two:
    return two_areas(stage.world)


@pytest.fixture
def carys(two: Two, stage: Stage) -> PersonId:
    """Carys is at a meeting of each area within the day."""
    world = stage.world
    two.joins("tom", COORDINATOR)
    person_id = two.joins("carys").actor.person_id
    slot = two.slot(person_id)
    with tending(world.house) as db:
        table = meetings.slots
        own = db.execute(table.select().where(table.c.id == stage.slot_id)).mappings().one()
        db.execute(
            table.update().where(table.c.id == slot.id).values(starts_at=own["starts_at"])
        )  # fmt: skip
    with reading(world.house.engine) as db:
        known = {
            each.person_id for each in meetings.invitations_to(db, world.area.id, stage.slot_id)
        }
    if world.person("carys").id not in known:
        invite_to_slot(
            world.house, world.who("helen"), stage.slot_id, world.person("carys").id,
            Capacity.INVESTIGATOR, "Knows him",
        )  # fmt: skip
    world.clock.set(own["starts_at"] - timedelta(hours=1))
    return person_id


def by_helen(two: Two, said: str) -> None:
    carys = two.world.person("carys").id
    vouch(two.world.house, two.world.who("helen"), carys, said, two.world.code("helen"))


def by_tom(two: Two, carys: PersonId, said: str) -> None:
    code = two.world.code("tom")
    tom: Who = two.who("tom")
    vouch(two.world.house, tom, carys, said, code)


def test_what_the_other_area_did_counts_at_home(two: Two, carys: PersonId) -> None:
    client = half_way(two)
    by_tom(two, carys, words_on(two, client))
    assert send(client, "/sign-in/no-code/").headers["Location"] == "/"
    again = half_way(two)
    with pytest.raises(Unacceptable) as refused:
        by_helen(two, words_on(two, again))
    assert "once already within thirty days" in refused.value.words
    assert two.letters("vouched_elsewhere") == [two.world.area.unit_email]


def test_and_what_home_did_counts_in_the_other(two: Two, carys: PersonId) -> None:
    client = half_way(two)
    by_helen(two, words_on(two, client))
    assert send(client, "/sign-in/no-code/").headers["Location"] == "/"
    again = half_way(two)
    with pytest.raises(Unacceptable) as refused:
        by_tom(two, carys, words_on(two, again))
    assert "once already within thirty days" in refused.value.words
    assert two.letters("vouched_elsewhere") == []


def test_of_two_screens_that_both_vouched_for_one_opens(two: Two, carys: PersonId) -> None:
    one, other = half_way(two), half_way(two)
    by_helen(two, words_on(two, one))
    by_tom(two, carys, words_on(two, other))
    assert send(other, "/sign-in/no-code/").headers["Location"] == "/"
    refused = send(one, "/sign-in/no-code/")
    assert "once already within thirty days" in text_of(refused)
    assert one.get("/account/").status_code == 302


def test_one_that_is_over_hides_no_other(two: Two, carys: PersonId) -> None:
    """Home's meeting ended while they were still at the page; the other area's goes on."""
    home = two.world.area.id
    two.world.clock.advance(timedelta(hours=4, minutes=50))
    with tending(two.world.house) as db:
        table = meetings.slots
        later = two.world.clock.now()
        db.execute(table.update().where(table.c.area_id == two.area_id).values(starts_at=later))
    client = half_way(two)
    by_helen(two, words_on(two, client))
    by_tom(two, carys, words_on(two, client))
    two.world.clock.advance(timedelta(minutes=12))
    assert send(client, "/sign-in/no-code/").headers["Location"] == "/"
    assert home not in str(two.lines(two.area_id))
