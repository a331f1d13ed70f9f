"""A stream of any length passes in constant memory."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from portal.crypto.age.hybrid import HybridIdentity

MEBIBYTES = 256
CEILING_KIB = 120 * 1024

RUN = r"""
import re, sys
from pathlib import Path
from portal.cli.sealed import open_main, seal_main
(seal_main if sys.argv[1] == "seal" else open_main)([sys.argv[2]], *sys.argv[3:])
# Not ru_maxrss, which a new process takes over from the one that started it.
peak = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
print(peak[1], file=sys.stderr)
"""
FEED = """
import sys
block = bytes(1 << 20)
for _ in range(int(sys.argv[1])):
    sys.stdout.buffer.write(block)
"""


@pytest.mark.timeout(100)
def test_256_mebibytes_through_pipes(tmp_path: Path) -> None:
    key = HybridIdentity()
    (tmp_path / "key").write_text(f"{key}\n")
    pipe, python = subprocess.PIPE, [sys.executable, "-c"]
    with (
        subprocess.Popen([*python, FEED, str(MEBIBYTES)], stdout=pipe) as feed,
        subprocess.Popen(
            [*python, RUN, "seal", str(key.recipient())],
            stdin=feed.stdout,
            stdout=pipe,
            stderr=pipe,
        ) as seal,
        subprocess.Popen(
            [*python, RUN, "open", str(tmp_path / "key")],
            stdin=seal.stdout,
            stdout=pipe,
            stderr=pipe,
        ) as open_,
    ):
        assert open_.stdout is not None
        assert seal.stderr is not None
        assert open_.stderr is not None
        length = 0
        while block := open_.stdout.read(1 << 20):
            length += len(block)
        peaks = [int(process.stderr.read()) for process in (seal, open_)]  # type: ignore[union-attr]
    assert length == MEBIBYTES << 20
    assert [feed.returncode, seal.returncode, open_.returncode] == [0, 0, 0]
    assert max(peaks) < CEILING_KIB
