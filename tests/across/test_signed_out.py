"""Which area may sign somebody out who belongs to several, and that a record that is behind keeps
nobody signed in."""

from __future__ import annotations

from pathlib import Path

import pytest

from portal.domain.ids import PersonId
from portal.domain.people import Role
from portal.journeys.agencies.remove_person import remove_person
from portal.journeys.running.accept_record import records_behind
from portal.journeys.signing_in.end_sessions_of import end_sessions_of
from portal.ledger.errors import RecordBehind
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import sessions
from portal.records.database import reading
from tests.across.scene import Two
from tests.putting_back import put_back_after

COORDINATOR = frozenset({Role.COORDINATOR})


@pytest.fixture
def carys(two: Two) -> PersonId:
    """Carys of Northmere belongs to Southmere, which Tom of Northmere co-ordinates."""
    two.joins("tom", COORDINATOR)
    return two.joins("carys").actor.person_id


def living(two: Two) -> int:
    with reading(two.world.house.engine) as db:
        rows = sessions.of_person(db, two.world.person("carys").account_id)
    return sum(row.keyring is not None for row in rows)


def closed(two: Two) -> int:
    """How many lines of both records say that somebody was signed out."""
    lines = [*two.lines(two.world.area.id), *two.lines(two.area_id)]
    return sum(each["deed"] == "session.closed" for each in lines)


def test_an_area_that_they_left_signs_nobody_out(two: Two, carys: PersonId) -> None:
    remove_person(two.world.house, two.who("tom"), carys)
    two.at_home("carys")
    before, told = living(two), closed(two)
    with pytest.raises(Refused) as refused:
        end_sessions_of(two.world.house, two.who("tom"), carys)
    assert refused.value.why is Why.NOT_THERE
    assert (living(two), closed(two)) == (before, told)
    assert before > 0


def test_nor_does_the_one_that_kept_their_account_before(two: Two, carys: PersonId) -> None:
    former, helen = two.world.person("carys").id, two.world.who("helen")
    remove_person(two.world.house, helen, former)
    told = closed(two)
    with pytest.raises(Refused):
        end_sessions_of(two.world.house, helen, former)
    assert closed(two) == told


def test_nor_one_that_has_only_invited_them(two: Two, carys: PersonId) -> None:
    invited = two.invites("joe").person
    with pytest.raises(Refused):
        end_sessions_of(two.world.house, two.who("tom"), invited.id)


def test_a_record_of_the_other_area_that_is_behind_keeps_nobody_signed_in(
    two: Two, carys: PersonId, tmp_path: Path
) -> None:
    house, helen, tom = two.world.house, two.world.who("helen"), two.who("tom")
    joe = two.world.person("joe").id
    put_back_after(house, tmp_path, lambda: end_sessions_of(house, helen, joe))
    two.at_home("carys")
    assert living(two) > 0
    assert end_sessions_of(house, tom, carys) is None
    assert (living(two), closed(two)) == (0, 2)
    # It is as much behind as it was: the line that was added makes nobody believe it.
    (behind,) = records_behind(house)
    assert behind.area.id == two.world.area.id


def test_what_gives_anything_waits_for_it_as_before(
    two: Two, carys: PersonId, tmp_path: Path
) -> None:
    """Whoever leaves the area that keeps their account moves it to the other, which must be
    believed."""
    house, helen = two.world.house, two.world.who("helen")
    put_back_after(house, tmp_path, lambda: two.invites("joe"))
    with pytest.raises(RecordBehind):
        remove_person(house, helen, two.world.person("carys").id)
