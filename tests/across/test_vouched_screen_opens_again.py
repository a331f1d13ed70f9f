"""A session that another area vouched for stays that area's when its screen opens again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal.domain.ids import PersonId
from portal.journeys.deed import tending
from portal.journeys.signing_in.recall import IDLE, Recalled, recall
from portal.journeys.signing_in.vouch_until import MEETING_LASTS
from portal.records import people
from portal.records.sessions import Terms
from portal.web.current import decode
from tests.across.scene import Two
from tests.across.test_kept_elsewhere import BEGINS, COORDINATOR, deeds, let_in, row_of
from tests.web.browsing import cookie, send


@pytest.fixture
def carys(two: Two) -> PersonId:
    two.joins("tom", COORDINATOR)
    person_id = two.joins("carys").actor.person_id
    two.slot(person_id)
    two.world.clock.set(BEGINS - timedelta(hours=1))
    return person_id


def test_the_screen_opens_again_in_the_same_area_for_reading(two: Two, carys: PersonId) -> None:
    client = let_in(two, carys)
    two.world.clock.advance(IDLE)
    assert client.get("/account/").headers["Location"].startswith("/locked")
    opened = send(client, "/locked", passphrase=two.world.secrets("carys").passphrase)
    assert opened.status_code == 303
    row = row_of(two, client)
    assert (row.area_id, row.terms) == (two.area_id, Terms.VOUCHED)
    assert row.ends_at == BEGINS + MEETING_LASTS
    found = recall(two.world.house, decode(cookie(client) or "") or b"")
    assert isinstance(found, Recalled)
    assert (found.person.id, found.elsewhere, found.actor().vouched) == (carys, (), True)
    for area, person in ((two.world.area.id, two.world.person("carys").id), (two.area_id, carys)):
        assert deeds(two, area, "session.reopened")[-1]["person"] == person


def test_whoever_left_that_area_meanwhile_stays_out(two: Two, carys: PersonId) -> None:
    client = let_in(two, carys)
    two.world.clock.advance(IDLE)
    client.get("/account/")
    with tending(two.world.house) as db:
        db.execute(people.people.delete().where(people.people.c.id == carys))
    send(client, "/locked", passphrase=two.world.secrets("carys").passphrase)
    assert client.get("/account/").status_code == 302
    assert deeds(two, two.area_id, "session.reopened") == []
