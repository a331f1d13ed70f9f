"""Taking times and peak memory, and what one line of the table is."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

MIB = 1024 * 1024


@dataclass(frozen=True)
class Row:
    """One line: what was done, ours and the peer's figure with units in words, and their ratio.

    `ratio` is how many times better ours is (above 1: better); None where there is no peer.
    `met` tells whether the aim was met in this run; None where there is no aim to hold it to.
    """

    figure: str
    work: str
    ours: str
    peer: str
    ratio: float | None
    aim: str
    met: bool | None


class Taken(float):
    """Seconds, the median of several runs; `best` is the shortest of them, the least disturbed."""

    best: float

    def __new__(cls, runs: Sequence[float]) -> Taken:
        taken = super().__new__(cls, statistics.median(runs))
        taken.best = min(runs)
        return taken


def seconds(work: Callable[[], object], times: int = 3) -> Taken:
    """The median of several runs, after one that is not counted when there are several."""
    if times > 1:
        work()
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return Taken(taken)


def peak_mib() -> float:
    """The most memory this process has held so far, all of Python included."""
    # Not getrusage: that also tells of the process this one was started from.
    status = Path("/proc/self/status").read_text("ascii")
    told = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(told.split()[1]) / 1024


def shown(taken: float) -> str:
    """In words, with the shortest run beside the median where that is much shorter."""
    best = taken.best if isinstance(taken, Taken) else taken
    if best < 0.7 * taken:
        return f"{shown(float(taken))} ({shown(best)} at best)"
    if taken < 0.001:
        return f"{taken * 1e6:.0f} µs"
    return f"{taken * 1e3:.1f} ms" if taken < 1 else f"{taken:.2f} s"


def against(
    figure: str, work: str, ours: float, name: str, peer: float, aim: str, least: float | None
) -> Row:
    """Ours against a peer's time: the ratio is theirs to ours, and at least `least` is the aim."""
    ratio = peer / ours
    met = None if least is None else ratio >= least
    return Row(figure, work, shown(ours), f"{name}: {shown(peer)}", ratio, aim, met)


def within(figure: str, work: str, ours: float, aim: str, most: float) -> Row:
    """Ours in seconds, against a limit; of several runs the shortest counts, as other work on the
    machine can only make a run longer."""
    best = ours.best if isinstance(ours, Taken) else ours
    return Row(figure, work, shown(ours), "", None, aim, best < most)


def absent(figure: str, work: str, name: str) -> Row:
    return Row(figure, work, "", f"{name}: not on this machine", None, "", None)


def as_told(row: Row) -> dict[str, object]:
    return asdict(row)
