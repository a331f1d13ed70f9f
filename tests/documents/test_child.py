"""The child is limited before it reads, and whatever it answers is not believed."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.documents import child
from portal.documents.boxed import frames
from portal.documents.intake import examine
from portal.documents.limits import Limits
from portal.documents.refusal import RefusalCode, RefusedPaper
from tests.documents.making import numbered, plain

CONFINED = """
import json, os, resource, sys
from portal.documents.boxed import confine as limits
limits.cut_off = lambda: False  # as on a kernel that cannot: the limits hold by themselves
confine = limits.confine
path = sys.argv[1]
kept = open(path + ".before", "wb")
confine(1 << 30, 5)
said = {}
try:
    kept.write(b"x"); kept.flush(); said["written"] = True
except OSError:
    said["written"] = False
try:
    with open("/dev/null") as _: pass
    held = [os.open("/dev/null", os.O_RDONLY) for _ in range(50)]
    said["many files"] = True
except OSError:
    said["many files"] = False
try:
    bytearray(2 << 30); said["much memory"] = True
except MemoryError:
    said["much memory"] = False
try:
    resource.setrlimit(resource.RLIMIT_CPU, (50, 50)); said["raised"] = os.geteuid() != 0
except ValueError:
    said["raised"] = False
said["core"] = resource.getrlimit(resource.RLIMIT_CORE)[1]
print(json.dumps(said), flush=True)
os._exit(0)
"""


def test_a_confined_process_writes_nothing(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", CONFINED, str(tmp_path / "file")],
        capture_output=True,
        check=True,
        cwd=Path(child.__file__).parents[2],
    )
    assert json.loads(done.stdout) == {
        "written": False,
        "many files": False,
        "much memory": False,
        "raised": False,
        "core": 0,
    }
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) == 0


def test_no_file_appears_while_a_paper_is_taken_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    before = tmp_path.stat().st_mtime_ns
    examine(numbered(200))
    assert list(tmp_path.iterdir()) == []
    assert tmp_path.stat().st_mtime_ns == before, "not even for a moment"


def test_the_child_sees_no_environment_of_ours() -> None:
    told = {"LANG", "TMPDIR", "PYTHONDONTWRITEBYTECODE", "GLIBC_TUNABLES"}
    assert set(child._ENVIRONMENT) == told
    assert not Path(child._ENVIRONMENT["TMPDIR"]).exists()


def test_a_child_asks_the_kernel_for_memory_seldom() -> None:
    plain = {name: said for name, said in child._ENVIRONMENT.items() if name != "GLIBC_TUNABLES"}
    assert _times_asked(child._ENVIRONMENT) < _times_asked(plain) / 10


def _times_asked(environment: dict[str, str]) -> int:
    """For memory touched first, by a program that takes and frees 1 MiB a hundred times."""
    touching = (
        "import resource\n"
        "def so_far(): return resource.getrusage(resource.RUSAGE_SELF).ru_minflt\n"
        "bytearray(1 << 10); before = so_far()\n"
        "for _ in range(100): bytearray(b'x' * (1 << 20))\n"
        "print(so_far() - before)\n"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-c", touching], capture_output=True, check=True, env=environment
    )
    return int(done.stdout)


def test_a_child_that_waits_knows_nothing_of_networks() -> None:
    heard = "import sys; from portal.documents.boxed import door; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", heard],
        capture_output=True,
        check=True,
        cwd=Path(child.__file__).parents[2],
    )
    loaded = set(done.stdout.decode().split())
    assert "pikepdf" in loaded
    assert not loaded & {"ssl", "socket", "http.client", "urllib.request", "email"}


@pytest.mark.parametrize(
    ("limits", "codes"),
    [
        (Limits(wall_seconds=0.001), {RefusalCode.TOOK_TOO_LONG}),
        (Limits(answer=100), {RefusalCode.TOO_HEAVY}),
        (Limits(content=10), {RefusalCode.TOO_HEAVY}),
        # So little that the reader may not even have room to say what failed.
        (Limits(memory=1 << 20), {RefusalCode.TOO_HEAVY, RefusalCode.HOSTILE, RefusalCode.DAMAGED}),
    ],
)
def test_a_limit_reached_is_a_refusal(limits: Limits, codes: set[RefusalCode]) -> None:
    with pytest.raises(RefusedPaper) as refused:
        examine(numbered(200), limits)  # more than a child holds ready
    assert refused.value.code in codes


def test_no_child_outlives_its_time() -> None:
    examine(plain())  # from now on one child waits for the next task
    before = _children()
    start = time.monotonic()
    with pytest.raises(RefusedPaper):
        examine(numbered(1500), Limits(wall_seconds=0.05))
    assert time.monotonic() - start < 5
    _until_there_are(len(before))


def _children() -> set[str]:
    """Of any thread of this process."""
    found = [path.read_text() for path in Path("/proc/self/task").glob("*/children")]
    return set(" ".join(found).split())


def _until_there_are(count: int) -> None:
    """The next child may still be starting, and is one of them."""
    end = time.monotonic() + 5
    while len(_children()) != count:
        assert time.monotonic() < end, "a child is left over"
        time.sleep(0.01)


def test_an_unknown_task_is_refused() -> None:
    with pytest.raises(RefusedPaper):
        child.run("no such task", {}, [], Limits())


def test_a_message_arrives_as_it_was_sent() -> None:
    sent = b"".join(frames.pack({"a": [1, "é"]}, [b"", b"x" * 70_000, b"\x00"]))
    for length in (1, 7, 65_536, len(sent)):
        pieces = [sent[at : at + length] for at in range(0, len(sent), length)]
        assert frames.unpack(pieces) == ({"a": [1, "é"]}, [b"", b"x" * 70_000, b"\x00"])


@pytest.mark.parametrize("lost", [1, 2, 69_999, 70_001, 70_010])
def test_a_message_cut_short_is_no_message(lost: int) -> None:
    sent = b"".join(frames.pack({"a": 1}, [b"x" * 70_000, b"\x00"]))
    with pytest.raises(ValueError, match=r"no message|Unterminated|delimiter|Expecting"):
        frames.unpack([sent[:-lost]])
    with pytest.raises(ValueError, match="no message"):
        frames.unpack([sent, b"x"])


@given(st.binary(max_size=200))
def test_garbage_is_no_message(garbage: bytes) -> None:
    with pytest.raises(ValueError, match=r"no message|Expecting|utf|codec|JSON|delimiter|Extra"):
        frames.unpack([garbage])


@pytest.mark.parametrize(
    "header",
    [
        b"[]",
        b"null",
        b"{}",
        b'{"sizes":[-1]}',
        b'{"sizes":[1e9]}',
        b'{"sizes":[true]}',
        b'{"sizes":"a"}',
        b'{"sizes":[1]}',
        b"[" * 5000,
    ],
)
def test_a_header_that_lies_is_no_message(header: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  # any complaint will do
        frames.unpack([len(header).to_bytes(4, "big"), header])
