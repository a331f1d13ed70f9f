"""`python -m tests.bench`: measure every part in a process of its own, print, write the page."""

from __future__ import annotations

import importlib
import json
import os
import platform
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from tests.bench.measuring import Row, as_told

PARTS = ("streams", "papers", "ledger", "serving")
PAGE = Path("docs/performance.md")
HEAD = """# Performance

Written by `make bench`; do not edit. Measured on {day} on {machine}, Python {python}.
The load was {before:.1f} before and {after:.1f} after the run; above 2, other work kept it busy.

What counts are the ratios: each peer ran beside ours, in the same run, on the same machine. A
ratio above 1 means that ours is faster. Times are medians of several runs; where the
shortest was much shorter it stands beside, and counts where the aim is a time: other work on the
machine only ever makes a run longer. "no" says that this run missed an aim.

| Figure | What | Ours | Beside it | Ratio | Aim | Met |
| --- | --- | --- | --- | --- | --- | --- |
"""
FOOT = """
## How to read it

- **P1** Files lie in memory and what is made goes to /dev/null, so that no disk is measured. `age`
  and pyrage seal to one X25519 key, as ours does; `age` is a program that has to start. "Read and
  cipher alone" has no format, no header and no end that is proven.
- **P2** The sending is everything after binding: one payload, a hybrid header for each person, the
  signed manifest, all rows, the ledger's line, one commit, in a SQLite database on disk.
- **P3** The copy is made in the process that holds the paper, by writing over places of fixed
  length. Names alternate between Latin, Arabic and Cyrillic letters.
- **P4** Ours also writes cover, contents, bookmarks, labels, strips and places, keeps tags and
  layers, and hands everything to a limited child process and back through pipes; pypdf only
  appends. The line "in one process" is the same work without that child: between it and ours lies
  what the limits cost, a fresh memory (in large pages, docs/decisions) and 42 MB through pipes, and
  nothing foreign is ever bound that way. The child has started before it is asked (docs/decisions);
  the time when none waits stands beside. The next one starts meanwhile, on another core: where all
  cores are busy with other work, ours loses more by that than pypdf, which is one process.
  Examining an upload starts two children, one after the other; a page whose letters all stand on
  plain paper is drawn once, and any other three times.
- **P5** The plain view sends the same bytes from memory: no session, no judge, no ledger line that
  is flushed to disk first, no proof, no decryption, no stamp. What ours adds is done before the
  first byte, for every opening anew; the aim of half the throughput is one for slower networks
  than this machine's own.
  The paper is decrypted from where it lies to where it belongs, while another core computes the
  SHA-256 of the sealed payload; each takes 7 to 12 ms for 20 MB. With the copy in memory, the
  commit that is flushed first and some sixty questions to the database that judge and prove, that
  is more than half the throughput leaves, the plain view's own time once more. So it cannot
  be had while the whole pack is proven before its first byte goes out. Proving, decrypting and
  sending piece by piece was tried (a hash of each MiB, checked beside the decryption, nothing
  stamped): in 65 ms where the whole took 104 and the plain view 8, the shortest of 25 runs each
  on a busy machine. A third less would still miss the aim, and a damaged paper would break off in
  its middle instead of never beginning. That promise stays.
  The first page that is read in the browser takes three requests. Each is judged, opens and proves
  the paper anew and writes down what was shown; the page is read and drawn in a limited child. The
  peer only draws. Nothing of a later page is drawn until somebody comes to it.
- **P9** The audit computes every leaf, node and checkpoint again, and grows in proportion; a
  million lines were not measured here. PostgreSQL ran on the same cores and flushed every commit.
- **P11** With everything compiled before, as `make setup` and installing leave it. What the first
  page does not need is loaded when it is first asked for: single sign-on's HTTP, passkeys' library,
  calendars, lists of passphrases, migrations. A test names what must not be there.
- **Not measured here**: pages at 50 requests a second (P6), 200 readers at once (P8), ten years of
  one area (P10).
"""


def main() -> None:
    """Measure the parts named on the command line, or all of them; only all write the page."""
    if sys.argv[1:2] == ["--part"]:
        found = importlib.import_module(f"tests.bench.{sys.argv[2]}").rows()
        sys.stdout.write("\n" + json.dumps([as_told(row) for row in found]) + "\n")
        return
    wanted = sys.argv[1:] or list(PARTS)
    before = os.getloadavg()[0]
    rows = [row for part in PARTS if part in wanted for row in _part(part)]
    rows.sort(key=lambda row: int(row.figure[1:]))
    for row in rows:
        sys.stdout.write(_line(row) + "\n")
    if len(wanted) == len(PARTS):
        PAGE.write_text(_page(rows, before), "utf-8")


def _part(part: str) -> list[Row]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench", "--part", part], stdout=subprocess.PIPE, text=True
    )
    if done.returncode:
        sys.exit(f"{part} could not be measured")
    return [Row(**row) for row in json.loads(done.stdout.splitlines()[-1])]


def _page(rows: list[Row], before: float) -> str:
    cores = len(os.sched_getaffinity(0))
    head = HEAD.format(
        day=datetime.now(UTC).strftime("%-d %B %Y"),
        machine=f"{cores} shared cores ({platform.machine()})",
        python=platform.python_version(),
        before=before,
        after=os.getloadavg()[0],
    )
    return head + "".join(_line(row) + "\n" for row in rows) + FOOT


def _line(row: Row) -> str:
    ratio = "" if row.ratio is None else f"{row.ratio:.2f}"
    met = "" if row.met is None else "yes" if row.met else "**no**"
    told = (row.figure, row.work, row.ours, row.peer, ratio, row.aim, met)
    return "| " + " | ".join(told) + " |"


if __name__ == "__main__":
    main()
