"""A clock that was moved is noticed, and an operator's acceptance counts once."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest

from portal.clock import TOLERANCE, Clock, FixedClock, SystemClock

START = datetime(2026, 5, 1, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


class Machine:
    """The two clocks of a machine: one that can be set, and one that only runs."""

    def __init__(self) -> None:
        self.wall, self.steady = START, timedelta(seconds=1000)
        self.clock = SystemClock(lambda: self.wall, lambda: self.steady)

    def run(self, length: timedelta) -> None:
        self.wall += length
        self.steady += length

    def set(self, by: timedelta) -> None:
        self.wall += by


@pytest.fixture
def machine() -> Machine:
    return Machine()


def test_a_clock_that_runs_is_believed(machine: Machine) -> None:
    for _ in range(10):
        assert machine.clock.trouble(machine.wall, None) is None
        assert machine.clock.now() == machine.wall
        machine.run(100 * DAY)


@pytest.mark.parametrize("by", [TOLERANCE, -TOLERANCE, 4 * MINUTE, -4 * MINUTE])
def test_a_small_correction_is_believed(machine: Machine, by: timedelta) -> None:
    machine.run(HOUR)
    machine.set(by)
    assert machine.clock.trouble(None, None) is None


@pytest.mark.parametrize(
    ("by", "says"),
    [
        (TOLERANCE + timedelta(microseconds=1), "5 minutes ahead"),
        (-TOLERANCE - timedelta(microseconds=1), "5 minutes behind"),
        (3 * HOUR, "3 hours ahead"), (-400 * DAY, "400 days behind"),
    ],
)  # fmt: skip
def test_a_clock_that_was_moved_is_not(machine: Machine, by: timedelta, says: str) -> None:
    machine.run(HOUR)
    machine.set(by)
    assert says in (machine.clock.trouble(None, None) or "")
    machine.run(365 * DAY)
    assert says in (machine.clock.trouble(None, None) or "")
    machine.set(-by)
    assert machine.clock.trouble(None, None) is None


def test_small_steps_do_not_add_up_unseen(machine: Machine) -> None:
    troubles = []
    for _ in range(4):
        machine.set(-2 * MINUTE)
        machine.run(HOUR)
        troubles.append(machine.clock.trouble(None, None) is not None)
    assert troubles == [False, False, True, True]


def test_a_clock_behind_the_ledger_is_not_believed(machine: Machine) -> None:
    assert machine.clock.trouble(START + TOLERANCE, None) is None
    said = machine.clock.trouble(START + 2 * DAY, None)
    assert said == "the clock is 2 days behind the newest line of the ledger"
    machine.run(2 * DAY)
    assert machine.clock.trouble(START + 2 * DAY, None) is None


def test_a_ledger_long_ago_is_no_trouble(machine: Machine) -> None:
    assert machine.clock.trouble(START - 900 * DAY, None) is None


@pytest.mark.parametrize("by", [DAY, -DAY])
def test_an_operators_acceptance_moves_the_anchor(machine: Machine, by: timedelta) -> None:
    machine.run(HOUR)
    machine.set(by)
    assert machine.clock.trouble(None, None) is not None
    accepted = machine.wall
    machine.run(MINUTE)
    assert machine.clock.trouble(accepted, accepted) is None
    machine.run(DAY)
    assert machine.clock.trouble(accepted, accepted) is None


def test_an_acceptance_counts_once(machine: Machine) -> None:
    machine.run(HOUR)
    machine.set(DAY)
    accepted = machine.wall
    machine.run(MINUTE)
    assert machine.clock.trouble(None, accepted) is None
    machine.run(HOUR)
    machine.set(-HOUR)
    assert machine.clock.trouble(None, accepted) is not None
    again = machine.wall
    machine.run(MINUTE)
    assert machine.clock.trouble(None, again) is None


def test_an_acceptance_before_the_anchor_forgives_nothing(machine: Machine) -> None:
    long_ago = START - 10 * DAY
    assert machine.clock.trouble(None, long_ago) is None
    machine.run(HOUR)
    machine.set(DAY)
    assert machine.clock.trouble(None, long_ago) is not None


def test_a_clock_set_back_to_an_old_acceptance_gains_nothing(machine: Machine) -> None:
    long_ago = START - 10 * DAY
    assert machine.clock.trouble(None, long_ago) is None
    machine.run(HOUR)
    machine.set(long_ago - machine.wall + MINUTE)
    assert machine.clock.trouble(None, long_ago) is not None


def test_an_acceptance_from_the_future_forgives_nothing(machine: Machine) -> None:
    machine.run(HOUR)
    machine.set(DAY)
    assert machine.clock.trouble(None, machine.wall + MINUTE) is not None


def test_a_clock_moved_after_it_was_accepted_is_not_believed(machine: Machine) -> None:
    machine.run(HOUR)
    machine.set(DAY)
    accepted = machine.wall
    machine.set(DAY)
    assert machine.clock.trouble(None, accepted) is not None


def test_an_acceptance_does_not_excuse_the_ledger(machine: Machine) -> None:
    machine.run(HOUR)
    machine.set(-DAY)
    accepted = machine.wall
    machine.run(MINUTE)
    assert machine.clock.trouble(START + HOUR, accepted) is not None
    assert machine.clock.trouble(accepted, accepted) is None


@pytest.mark.parametrize("kind", ["system", "fixed"])
def test_naive_times_are_trouble(kind: str) -> None:
    clock: Clock = Machine().clock if kind == "system" else FixedClock(START)
    naive = START.replace(tzinfo=None)
    assert "unreadable" in (clock.trouble(naive, None) or "")
    assert "unreadable" in (clock.trouble(None, naive) or "")


def test_the_real_clock_is_the_real_time_in_utc() -> None:
    clock = SystemClock()
    before, now, after = time.time(), clock.now(), time.time()
    assert before - 0.001 <= now.timestamp() <= after + 0.001
    assert now.tzinfo is UTC
    assert clock.trouble(now, None) is None
    assert clock.trouble(now + DAY, None) is not None


def test_the_fixed_clock_stands_where_it_is_put() -> None:
    clock = FixedClock(START)
    assert clock.now() == clock.now() == START
    clock.advance(HOUR)
    assert clock.now() == START + HOUR
    clock.set(START - DAY)
    assert clock.now() == START - DAY
    assert clock.trouble(START, None) is not None
    assert clock.trouble(START - DAY, None) is None


def test_the_fixed_clock_can_be_doubted_until_it_is_accepted() -> None:
    clock = FixedClock(START)
    clock.doubt = "somebody moved it"
    assert clock.trouble(None, START - MINUTE) == "somebody moved it"
    assert clock.trouble(None, START) is None
    assert clock.doubt is None


def test_the_fixed_clock_needs_an_aware_time() -> None:
    with pytest.raises(ValueError, match="aware"):
        FixedClock(START.replace(tzinfo=None))
