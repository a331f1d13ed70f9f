"""A paper that ends, or whose reader does, while it is being handed over: no further byte."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import update

from portal.domain.people import Account
from portal.journeys.deed import ClockDoubted, tending
from portal.journeys.giving.take_back import take_back
from portal.journeys.opening.open_paper import CHUNK
from portal.journeys.signing_in.end_sessions_of import end_sessions_of
from portal.journeys.signing_in.sign_out import sign_out
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import people, sessions
from tests.reading.conftest import with_a_large_paper
from tests.reading.opening import opened, window
from tests.staging import Stage


@pytest.fixture
def large(stage: Stage) -> Stage:
    """A sent pack of several pieces."""
    found = with_a_large_paper(stage)
    found.send()
    found.accept("ruth")
    return found


def pieces_of(stage: Stage) -> Iterator[bytes]:
    paper = opened(stage)
    assert paper.size > 3 * CHUNK
    return paper.chunks()


def test_when_the_time_ends_between_two_pieces_the_second_never_comes(large: Stage) -> None:
    pieces = pieces_of(large)
    assert len(next(pieces)) == CHUNK
    large.world.clock.set(window(large)[1])
    with pytest.raises(Refused) as caught:
        next(pieces)
    assert caught.value.why is Why.ENDED
    assert list(pieces) == []
    assert large.lines("deed.refused")[-1]["why"] == "ended"


def test_when_it_is_taken_back_between_two_pieces_the_second_never_comes(large: Stage) -> None:
    pieces = pieces_of(large)
    next(pieces)
    take_back(large.house, large.world.who("helen"), large.grant("ruth").sending_id)
    with pytest.raises(Refused) as caught:
        next(pieces)
    assert caught.value.why is Why.TAKEN_BACK
    assert list(pieces) == []


def test_when_it_ends_after_the_stamp_not_one_piece_comes(large: Stage) -> None:
    pieces = pieces_of(large)
    large.world.clock.set(window(large)[1])
    with pytest.raises(Refused):
        next(pieces)


def test_a_clock_that_goes_back_between_two_pieces_breaks_it_off(large: Stage) -> None:
    pieces = pieces_of(large)
    large.world.clock.advance(timedelta(seconds=10))
    next(pieces)
    large.world.clock.advance(-timedelta(seconds=1))
    with pytest.raises(ClockDoubted):
        next(pieces)
    assert list(pieces) == []


def test_a_leaver_gets_no_further_piece(large: Stage) -> None:
    pieces = pieces_of(large)
    next(pieces)
    with tending(large.house) as db:
        people.set_account(db, large.world.area.id, large.id("ruth"), Account.LEFT)
    with pytest.raises(Refused) as caught:
        next(pieces)
    assert caught.value.why is Why.ACCOUNT_CLOSED


def test_whoever_is_signed_out_gets_no_further_piece(large: Stage) -> None:
    """By themselves, from another of their sessions, by a co-ordinator."""
    house, world = large.house, large.world
    ends = (
        lambda: sign_out(house, world.who("ruth")),
        lambda: end_sessions_of(house, world.who("helen"), large.id("ruth")),
    )
    for end in ends:
        pieces = pieces_of(large)
        assert len(next(pieces)) == CHUNK
        end()
        with pytest.raises(Refused) as caught:
            next(pieces)
        assert caught.value.why is Why.SIGN_IN_AGAIN
        assert list(pieces) == []


def test_when_the_session_s_time_is_over_the_next_piece_never_comes(large: Stage) -> None:
    """To the microsecond: between two askings of the whole question too."""
    ends_at, pieces = session_ends(large), pieces_of(large)
    large.world.clock.set(ends_at - timedelta(milliseconds=500))
    next(pieces)
    large.world.clock.set(ends_at - timedelta(microseconds=1))
    next(pieces)
    large.world.clock.set(ends_at)
    with pytest.raises(Refused) as caught:
        next(pieces)
    assert caught.value.why is Why.SIGN_IN_AGAIN
    assert list(pieces) == []


def test_another_session_that_ends_and_a_screen_that_locks_stop_nothing(large: Stage) -> None:
    other = world_session(large)
    pieces = pieces_of(large)
    next(pieces)
    with tending(large.house) as db:
        sessions.end(db, other)
        sessions.lock(db, large.world.who("ruth").session_id)
    assert sum(len(piece) for piece in pieces) > CHUNK


def world_session(stage: Stage) -> bytes:
    """A further session of Ruth's."""
    return stage.world.session_id(stage.world.begin("ruth"))


def session_ends(stage: Stage) -> datetime:
    """Ruth's session ends before her window does, as one would that somebody vouched for."""
    ends_at = stage.world.clock.now() + timedelta(minutes=30)
    assert ends_at < window(stage)[1]
    with tending(stage.house) as db:
        mine = sessions.sessions.c.id == stage.world.who("ruth").session_id
        db.execute(update(sessions.sessions).where(mine).values(ends_at=ends_at))
    return ends_at
