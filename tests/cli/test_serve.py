"""`portal serve`: it starts whole or says what is missing, and its log tells nothing."""

from __future__ import annotations

import http.client
import os
import re
import signal
import socket
import sqlite3
import stat
import time
from pathlib import Path

import pytest

from portal.cli.server import shape
from portal.crypto import serverkeys
from tests.cli.installed import Installed, process, run

TOKEN = "Zk3vQ9secretTokenOfSomebodyWhoIsToJoin_0123"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def ask(port: int, path: str, host: str = "localhost:8000") -> tuple[int, http.client.HTTPMessage]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", path, headers={"Host": host})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status, answer.headers


def wait_for(port: int) -> None:
    ends = time.monotonic() + 60
    while True:
        try:
            assert ask(port, "/healthz")[0] in (200, 204)
        except OSError:
            assert time.monotonic() < ends
            time.sleep(0.1)
        else:
            return


def test_it_serves_sends_and_stops(installed: Installed) -> None:
    port = free_port()
    server = process(["serve", "--data", installed.data, "--port", str(port)])
    try:
        wait_for(port)
        status, headers = ask(port, f"/sign-in?secret={TOKEN}")
        assert status == 200
        assert headers.get_all("Server") == ["portal"]
        assert ask(port, f"/join/{TOKEN}")[0] == 404
        assert ask(port, "/sign-in", host="evil.example")[0] == 400
        ends = time.monotonic() + 60
        while not (installed.data / "mail" / "index.jsonl").exists():
            assert time.monotonic() < ends
            time.sleep(0.1)
        limits = Path(f"/proc/{server.pid}/limits").read_text()
        assert re.search(r"Max core file size\s+0\s+0\s", limits)
    finally:
        server.send_signal(signal.SIGTERM)
        output = server.communicate(timeout=60)[0]
    assert server.returncode == 0
    assert TOKEN not in output
    assert "secret" not in output
    assert re.search(r"GET /sign-in 200 \d", output)
    assert re.search(r"GET /join/\* 404 \d", output)
    for mail in (installed.data / "mail").iterdir():
        assert not stat.S_IMODE(mail.stat().st_mode) & 0o077


def test_it_refuses_without_an_installation(tmp_path: Path) -> None:
    result = run("serve", "--data", tmp_path)
    assert result.exit_code == 1
    assert "PORTAL_BASE_URL" in result.output


def test_it_refuses_without_keys(installed: Installed) -> None:
    (installed.data / "keys" / "session").unlink()
    result = run("serve", "--data", installed.data)
    assert result.exit_code == 1
    assert "session is missing" in result.output


@pytest.mark.parametrize("loose", ["keys", "keys/ledger", "keys/pepper-1"])
def test_it_refuses_loose_keys(installed: Installed, loose: str) -> None:
    path = installed.data / loose
    path.chmod(path.stat().st_mode | 0o044)
    result = run("serve", "--data", installed.data)
    assert result.exit_code == 1
    assert "open to other users" in result.output


def test_it_refuses_development_keys_in_production(installed: Installed) -> None:
    for path in (installed.data / "keys").iterdir():
        path.unlink()
    serverkeys.create(installed.data / "keys", development=True)
    env = {"PORTAL_MODE": "production", "PORTAL_BASE_URL": "https://portal.example.org"}
    result = run("serve", "--data", installed.data, **env)
    assert result.exit_code == 1
    assert "made for development" in result.output


def test_it_refuses_http_in_production(installed: Installed) -> None:
    result = run("serve", "--data", installed.data, PORTAL_MODE="production")
    assert result.exit_code == 1
    assert "https in production" in result.output


def test_it_refuses_a_database_that_is_not_migrated(installed: Installed) -> None:
    db = sqlite3.connect(installed.data / "portal.db")
    db.execute("DELETE FROM alembic_version")
    db.commit()
    db.close()
    result = run("serve", "--data", installed.data)
    assert result.exit_code == 1
    assert f"portal migrate --data {installed.data}" in result.output


def test_it_refuses_where_there_is_no_database(installed: Installed) -> None:
    for path in installed.data.glob("portal.db*"):
        path.unlink()
    result = run("serve", "--data", installed.data)
    assert result.exit_code == 1
    assert "portal init" in result.output
    assert not (installed.data / "portal.db").exists()


@pytest.mark.parametrize(
    ("path", "logged"),
    [
        ("/", "/"),
        ("/unit/cases/", "/unit/cases/"),
        ("/unit/cases/abcdefghijklmnopqrstuvwxyz", "/unit/cases/*"),
        (f"/join/{TOKEN}", "/join/*"),
        ("/join/onlylettersbutmorethantwenty", "/join/*"),
        ("/Helen%20Marsh", "/*"),
        ("/x\nforged line", "/*"),
        ("", ""),
        ("/static/built/0a1b/portal.css", "/static/built/*/portal.css"),
    ],
)
def test_what_the_log_holds_of_a_path(path: str, logged: str) -> None:
    assert shape(path) == logged
    assert os.linesep not in shape(path)
