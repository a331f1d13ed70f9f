"""A child that foreign bytes took over finds nothing to read, and nowhere to send it."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from portal.documents import child, state
from portal.documents.boxed import cutoff

TAKEN_OVER = """
import json, os, resource, socket, sys
sys.path.insert(0, sys.argv[1])
from portal.documents.boxed.confine import confine
confine(1 << 31, 5)
folder, port, parent = sys.argv[2], int(sys.argv[3]), os.getppid()

def connect(kind, where):
    one = socket.socket(kind, socket.SOCK_STREAM)
    one.connect(where)

tries = {
    "a paper": lambda: open(folder + "/paper.pdf", "rb").read(),
    "a folder": lambda: os.listdir(folder),
    "through a link": lambda: open("/proc/self/cwd" + folder + "/paper.pdf", "rb").read(),
    "the portal's code": lambda: open(sys.argv[1] + "/portal/wiring.py").read(),
    "the checkout": lambda: os.listdir(sys.argv[1]),
    "passwords": lambda: open("/etc/passwd").read(),
    "another's memory": lambda: open(f"/proc/{parent}/mem", "rb").read(1),
    "another's environment": lambda: open(f"/proc/{parent}/environ", "rb").read(),
    "a new file": lambda: open(folder + "/new", "wb"),
    "a removal": lambda: os.remove(folder + "/paper.pdf"),
    "another name": lambda: os.rename(folder + "/paper.pdf", folder + "/other.pdf"),
    "a socket": lambda: connect(socket.AF_INET, ("127.0.0.1", port)),
    "a datagram": lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM),
    "a local socket": lambda: connect(socket.AF_UNIX, folder + "/clamd.sock"),
    "a program": lambda: os.execv("/bin/true", ["true"]),
    "a signal": lambda: os.kill(parent, 0),
    "an emptied file": lambda: os.truncate(folder + "/paper.pdf", 0),
    "another mode": lambda: os.chmod(folder + "/paper.pdf", 0o777),
    "another time": lambda: os.utime(folder + "/paper.pdf", (0, 0)),
    "another's limits": lambda: resource.prlimit(parent, resource.RLIMIT_NOFILE),
    "another's place": lambda: os.setpriority(os.PRIO_PROCESS, parent, 19),
}
done = []
for name, attempt in tries.items():
    try:
        attempt()
        done.append(name)
    except OSError:
        pass
import wave  # not loaded before: what a task needs must still be found
os.write(1, json.dumps([done, sys.modules["wave"].__name__]).encode())
os._exit(0)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "paper.pdf").write_bytes(b"a victim's address")
    return tmp_path


def test_nothing_is_left_to_read_and_nowhere_to_send_it(folder: Path) -> None:
    if not cutoff.is_possible():
        assert not state.cut_off().ready, "then the operator's page says so"
        return
    with socket.socket() as listening, socket.socket(socket.AF_UNIX) as local:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        local.bind(str(folder / "clamd.sock"))
        local.listen()
        told = _told([sys.executable, "-c", TAKEN_OVER], folder, listening.getsockname()[1])
    assert told == [[], "wave"]
    assert sorted(path.name for path in folder.iterdir()) == ["clamd.sock", "paper.pdf"]


def test_without_it_the_same_tries_succeed(folder: Path) -> None:
    """So that the test before cannot pass for another reason."""
    free = TAKEN_OVER.replace("confine(1 << 31, 5)", "")
    with socket.socket() as listening, socket.socket(socket.AF_UNIX) as local:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        local.bind(str(folder / "clamd.sock"))
        local.listen()
        free = free.replace('"a program": lambda: os.execv("/bin/true", ["true"]),', "")
        told = _told([sys.executable, "-c", free], folder, listening.getsockname()[1])
    assert {"a paper", "a folder", "a new file", "a socket", "a datagram", "a local socket",
            "the checkout", "a signal", "another's limits"} <= set(told[0])  # fmt: skip


def test_every_call_that_is_refused_has_its_number_on_each_machine() -> None:
    assert set(cutoff._REFUSED) == set(cutoff._MACHINES)
    for numbers in cutoff._REFUSED.values():
        assert len(set(numbers)) == len(numbers) < 200


def test_an_older_landlock_does_not_let_a_file_be_emptied(folder: Path) -> None:
    """Before Linux 6.2 it did not look at that; the filter does."""
    if not cutoff.is_possible():
        return
    older = TAKEN_OVER.replace(
        "confine(1 << 31, 5)",
        "from portal.documents.boxed import cutoff\n"
        "cutoff._version = lambda: 2\n"
        "confine(1 << 31, 5)",
    )
    told = _told([sys.executable, "-c", older], folder, 9)
    assert told[0] == []
    assert (folder / "paper.pdf").read_bytes() == b"a victim's address"


def test_the_operators_page_says_whether(monkeypatch: pytest.MonkeyPatch) -> None:
    assert state.cut_off().ready == cutoff.is_possible()
    monkeypatch.setattr(cutoff, "_version", lambda: -1)
    assert not state.cut_off().ready
    assert "Landlock" in state.cut_off().words


def test_an_older_kernel_is_asked_for_no_more_than_it_has() -> None:
    assert [cutoff._of(version, cutoff._FILES).bit_length() for version in (1, 2, 3, 4, 5, 9)] == [
        13, 14, 15, 15, 16, 16,
    ]  # fmt: skip
    assert [cutoff._of(version, cutoff._TCP) for version in (1, 3, 4, 9)] == [0, 0, 3, 3]


def _told(command: list[str], folder: Path, port: int) -> Any:
    checkout = Path(child.__file__).parents[2]
    done = subprocess.run(
        [*command, str(checkout), str(folder), str(port)],
        capture_output=True,
        check=True,
        cwd="/",
        env={"PATH": os.environ["PATH"]},
    )
    return json.loads(done.stdout)


EVERY_TASK = """
import importlib, sys, types
for name, path in (("portal", sys.argv[1]), ("portal.documents", sys.argv[1] + "/documents")):
    module = types.ModuleType(name); module.__path__ = [path]; sys.modules[name] = module
from portal.documents.boxed import door
from portal.documents.boxed.confine import confine
confine(1 << 32, 30)
for name in door._TASKS:
    door._task(name)
"""


def test_every_task_is_found_after_the_child_is_cut_off() -> None:
    room = Path(child.__file__).parents[1]
    subprocess.run([sys.executable, "-I", "-c", EVERY_TASK, str(room)], check=True, cwd="/")
