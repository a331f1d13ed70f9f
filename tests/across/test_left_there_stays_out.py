"""Whoever left one of their areas acts in it no more, also when their row there is put back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from portal.domain.ids import PersonId
from portal.domain.people import Account
from portal.journeys.across.act_in import act_in, everywhere
from portal.journeys.agencies.remove_person import remove_person
from portal.journeys.deed import tending
from portal.journeys.signing_in.attempting import NotRight
from portal.journeys.signing_in.recall import Recalled, begin, recall
from portal.records import people
from portal.records.sessions import Stage, Terms
from tests.across.scene import Two


@pytest.fixture
def carys(two: Two) -> PersonId:
    """She belongs to Southmere as well."""
    return two.joins("carys").actor.person_id


def leaves_and_is_put_back(two: Two, carys: PersonId) -> None:
    remove_person(two.world.house, two.olga, carys)
    with tending(two.world.house) as db:
        where = people.people.c.id == carys
        db.execute(update(people.people).where(where).values(account=Account.ENROLLED))
    assert two.person(carys).account is Account.ENROLLED


def test_her_own_session_acts_there_no_more(two: Two, carys: PersonId) -> None:
    found = two.at_home("carys")
    assert act_in(two.world.house, found, two.area_id) is not None
    leaves_and_is_put_back(two, carys)
    for session in (found, two.at_home("carys")):
        assert act_in(two.world.house, session, two.area_id) is None
        assert [each.area.id for each in everywhere(two.world.house, session)] == [
            two.world.area.id
        ]


def test_no_session_of_that_area_begins_or_goes_on(two: Two, carys: PersonId) -> None:
    house, now, keyring = two.world.house, two.world.clock.now(), two.world.secrets("carys").keyring

    def vouched() -> bytes:
        with tending(house) as db:
            return begin(
                house, db, two.person(carys), Stage.SIGNED_IN, keyring, now,
                terms=Terms.VOUCHED, ends_at=now + timedelta(hours=1),
            )  # fmt: skip

    secret = vouched()
    assert isinstance(recall(house, secret), Recalled)
    leaves_and_is_put_back(two, carys)
    assert recall(house, secret) is None
    with pytest.raises(NotRight):
        vouched()


def test_who_left_the_area_that_keeps_the_account_comes_in_where_it_went(
    two: Two, carys: PersonId
) -> None:
    """The account moved to Southmere; her row of Northmere, put back, gives her nothing there."""
    world = two.world
    remove_person(world.house, world.who("helen"), world.person("carys").id)
    with tending(world.house) as db:
        where = people.people.c.id == world.person("carys").id
        db.execute(update(people.people).where(where).values(account=Account.ENROLLED))
    with tending(world.house) as db:
        secret = begin(
            world.house, db, two.person(carys), Stage.SIGNED_IN,
            world.secrets("carys").keyring, world.clock.now(),
        )  # fmt: skip
    found = recall(world.house, secret)
    assert isinstance(found, Recalled)
    assert found.area.id == two.area_id
    assert act_in(world.house, found, world.area.id) is None
    with pytest.raises(NotRight), tending(world.house) as db:
        begin(
            world.house, db, world.person("carys"), Stage.SIGNED_IN,
            world.secrets("carys").keyring, world.clock.now(),
        )  # fmt: skip
