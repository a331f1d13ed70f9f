"""A paper that ends, or whose reader does, while it is being handed over: no further byte."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from portal.domain.people import Account
from portal.journeys.deed import ClockDoubted, tending
from portal.journeys.giving.take_back import take_back
from portal.journeys.opening.open_paper import CHUNK
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.records import people
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
