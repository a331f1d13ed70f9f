"""A server that is left alone keeps nothing in its memory of what people did on it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from portal.cli.renewal import Renewal
from tests.at_rest.life import Life
from tests.at_rest.memory import Running, canaries_of_visitors, held_in, memory_of, served

VISITOR = SimpleNamespace(headers=[("HOST", "localhost"), ("COOKIE", "portal=x")])
MACHINE = SimpleNamespace(headers=[("HOST", "localhost")])


@pytest.fixture
def running(life: Life, tmp_path: Path) -> Iterator[Running]:
    with served(life, tmp_path) as server:
        yield server


@pytest.mark.timeout(600)
def test_an_idle_worker_is_replaced_and_nothing_of_the_day_is_left(
    life: Life, running: Running
) -> None:
    wanted = canaries_of_visitors(life)
    (first,) = running.workers()
    running.work()
    (still,) = running.workers()
    assert still == first, "people were at work"
    # What cannot be wiped is there while people work; or the search would prove nothing.
    busy = memory_of(first)
    second = running.wait_for_another(first)
    assert not Path(f"/proc/{first}").exists()
    assert held_in(busy, wanted)
    for pid in (running.pid, second):
        idle = memory_of(pid)
        assert life.wiring.house.origin.encode() in idle
        assert held_in(idle, wanted) == set()


def is_due(*requests: SimpleNamespace, after: float = 0.0, running: int = 0) -> bool:
    watched = Renewal(after, lambda: True)
    for request in requests:
        watched.begins(request)
    for request in requests[: len(requests) - running]:
        watched.ends(request)
    return watched.is_due()


def test_it_is_replaced_once_somebody_was_there_and_nobody_is() -> None:
    assert is_due(VISITOR)
    assert is_due(MACHINE, VISITOR, MACHINE)
    assert not is_due(VISITOR, after=60.0)
    assert not is_due(VISITOR, VISITOR, running=1)


@pytest.mark.parametrize("requests", [(), (MACHINE,), (MACHINE, MACHINE)])
def test_one_that_nobody_used_stays(requests: tuple[SimpleNamespace, ...]) -> None:
    """However often it is asked for its health."""
    assert not is_due(*requests)


def test_a_robot_s_request_that_runs_keeps_it() -> None:
    assert not is_due(VISITOR, MACHINE, running=1)
