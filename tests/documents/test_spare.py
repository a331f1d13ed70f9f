"""A child waits for the next task: of no other task, of no other process, and not for ever."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from portal.documents import child, pump
from portal.documents.intake import examine
from portal.documents.limits import Limits
from portal.documents.refusal import RefusalCode, RefusedPaper
from portal.documents.spare import Spare
from tests.documents.making import numbered, plain

Begun = list[int]


def echo() -> subprocess.Popen[bytes]:
    """A child that gives back what it is told."""
    return subprocess.Popen(
        ["cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True, bufsize=0
    )


@pytest.fixture
def begun() -> Begun:
    """The numbers of all children that were started."""
    return []


@pytest.fixture
def spare(begun: Begun) -> Iterator[Spare]:
    def start() -> subprocess.Popen[bytes]:
        made = echo()
        begun.append(made.pid)
        return made

    made = Spare(start)
    yield made
    made.end()


def serves(taken: subprocess.Popen[bytes]) -> bool:
    code, said = pump.exchange(taken, [b"a task"], 10, 100)
    return (code, b"".join(said)) == (0, b"a task")


def until(so: Callable[[], bool]) -> None:
    end = time.monotonic() + 10
    while not so():
        assert time.monotonic() < end
        time.sleep(0.005)


def test_one_waits_ahead_and_none_serves_twice(spare: Spare, begun: Begun) -> None:
    taken = [spare.take() for _ in range(3)]
    assert len({each.pid for each in taken}) == 3
    until(lambda: len(begun) == 4)
    assert all(serves(each) for each in taken)
    assert len(begun) == 4


def test_nothing_is_started_before_it_is_asked_for(spare: Spare, begun: Begun) -> None:
    assert begun == []
    spare.end()
    assert begun == []


def test_one_that_ended_while_it_waited_is_not_handed_out(spare: Spare, begun: Begun) -> None:
    serves(spare.take())
    until(lambda: len(begun) == 2)
    os.kill(begun[1], signal.SIGKILL)
    until(lambda: Path(f"/proc/{begun[1]}/stat").read_text().split()[2] == "Z")
    assert serves(spare.take())


def failing(*problems: OSError | None) -> Spare:
    """Starting fails so, one after the other; then it goes well."""
    left = list(problems)

    def start() -> subprocess.Popen[bytes]:
        problem = left.pop(0) if left else None
        if problem is not None:
            raise problem
        return echo()

    return Spare(start)


def test_who_asks_hears_why_none_can_start_and_the_next_is_served() -> None:
    spare = failing(*[OSError("no more processes")] * 4)
    with pytest.raises(OSError, match="no more processes"):
        spare.take()
    assert serves(spare.take())
    spare.end()


def test_children_that_end_at_once_are_not_tried_for_ever() -> None:
    def start() -> subprocess.Popen[bytes]:
        ended = subprocess.Popen(["true"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0)
        ended.wait()
        return ended

    spare = Spare(start)
    with pytest.raises(OSError, match="ended before"):
        spare.take()
    spare.end()


def test_nobody_pays_for_one_that_could_not_be_started_ahead_of_time() -> None:
    spare = failing(None, OSError("no more processes"))
    assert serves(spare.take())
    assert serves(spare.take())
    spare.end()


def test_many_may_ask_at_once(spare: Spare, begun: Begun) -> None:
    served: list[bool] = []
    askers = [threading.Thread(target=lambda: served.append(serves(spare.take()))) for _ in "12345"]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()
    assert served == [True] * 5
    until(lambda: len(begun) == 6)


def test_a_forked_process_leaves_the_child_of_the_other_alone(spare: Spare, begun: Begun) -> None:
    serves(spare.take())
    until(lambda: len(begun) == 2)
    forked = os.fork()
    if forked == 0:
        good = False
        try:
            taken = spare.take()
            good = taken.pid != begun[1] and serves(taken)
            spare.end()
        finally:
            os._exit(0 if good else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(forked, 0)[1]) == 0
    taken = spare.take()
    assert taken.pid == begun[1]
    assert serves(taken)


PORTAL = """
import os, signal, sys
from pathlib import Path
from portal.documents import child
from portal.documents.limits import Limits
from portal.documents.refusal import RefusedPaper
try:
    child.run("no such task", {}, [], Limits())
except RefusedPaper:
    pass
while not (waiting := " ".join(p.read_text() for p in Path("/proc/self/task").glob("*/children"))):
    pass
print(waiting, flush=True)
if sys.argv[1] == "killed":
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize("how", ["ended", "killed"])
def test_the_child_that_waits_does_not_outlive_the_portal(how: str) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", PORTAL, how],
        capture_output=True,
        cwd=Path(child.__file__).parents[2],
    )
    assert done.returncode == (0 if how == "ended" else -signal.SIGKILL)
    assert done.stderr == b""
    waiting = [Path(f"/proc/{number}") for number in done.stdout.decode().split()]
    assert waiting
    until(lambda: not any(place.exists() and _runs(place) for place in waiting))


def _runs(place: Path) -> bool:
    try:
        return (place / "stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_a_bomb_costs_its_own_child_alone() -> None:
    good = plain()
    first = examine(good)
    for limits in (Limits(content=10), Limits(memory=1 << 20), Limits(answer=100)):
        with pytest.raises(RefusedPaper):
            examine(numbered(200), limits)  # more than a child holds ready
        assert examine(good).pdf_clear == first.pdf_clear


def test_a_child_that_is_killed_at_work_costs_its_own_task_alone() -> None:
    with pytest.raises(RefusedPaper) as refused:
        examine(numbered(1500), Limits(wall_seconds=0.05))
    assert refused.value.code is RefusalCode.TOOK_TOO_LONG
    assert examine(plain()).pages == 1
