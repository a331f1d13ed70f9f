"""A real clamd for the tests: its own folder, its own database of one signature, its own socket."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.documents.scan import Clamd
from tests.real.components import absent

# The harmless file that all scanners know, in two halves so that none knows this one.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
STREAM_LIMIT = 30 * 1024 * 1024
_SETTINGS = """DatabaseDirectory {folder}/db
LocalSocket {folder}/socket
LogFile {folder}/log
TemporaryDirectory {folder}
Foreground yes
StreamMaxLength {limit}
MaxScanSize 400M
MaxFileSize 200M
AlertExceedsMax yes
AlertEncrypted yes
MaxThreads 4
User {user}
OfficialDatabaseOnly no
"""


@pytest.fixture(scope="session")
def clamd() -> Iterator[Path]:
    """The socket of a clamd that knows EICAR, and nothing else."""
    program = shutil.which("clamd") or shutil.which("clamd", path="/usr/sbin")
    if program is None:
        pytest.skip(absent("clamd"))
    folder = Path(tempfile.mkdtemp(prefix="clamd-"))
    try:
        with _running(program, folder):
            yield folder / "socket"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def _running(program: str, folder: Path) -> Iterator[None]:
    (folder / "db").mkdir()
    (folder / "db" / "test.ndb").write_text(f"Eicar-Test:0:*:{EICAR.hex()}\n")
    user = "root" if os.geteuid() == 0 else os.environ.get("USER", "nobody")
    told = _SETTINGS.format(folder=folder, limit=STREAM_LIMIT, user=user)
    (folder / "conf").write_text(told)
    # It goes with this process, also when this process is killed.
    bound = ["setpriv", "--pdeathsig", "KILL"] if shutil.which("setpriv") else []
    server = subprocess.Popen(
        [*bound, program, "-c", folder / "conf"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in range(600):
            if Clamd(folder / "socket").state().ready:
                break
            if server.poll() is not None:
                raise RuntimeError((folder / "log").read_text(errors="replace"))
            time.sleep(0.05)
        yield
    finally:
        server.terminate()
        server.wait(20)
