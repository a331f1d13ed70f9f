"""A leaver loses everything at once, on the real server: the copy on its way, and every session."""

from __future__ import annotations

import http.client
import multiprocessing
import re
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from urllib.parse import urlencode

import pytest
from flask import Flask

from portal.cli.server import Server
from portal.journeys.reports.ask_for_report import ask_for_report
from portal.journeys.reports.examine_report import examine_report
from portal.journeys.reports.submit_report import submit_report
from portal.records.database import open_engine
from portal.settings import Settings
from portal.storage.memory import MemoryStore
from portal.web.current import encode
from tests.bench.ours import a_paper
from tests.cli.test_serve import free_port, wait_for
from tests.staging import BORN, Places, Stage
from tests.staging_fixture import stage, staged, world_template
from tests.world import Made, World, made, use_made

__all__ = ["stage", "staged", "world_template"]

PIECE = 64 * 1024
pytestmark = pytest.mark.timeout(300)


class AsServed(Server):
    """`portal serve` as it is, but with the application of a test, whose clock stands."""

    def __init__(self, app: Flask, settings: Settings, port: int) -> None:
        self._app = app
        super().__init__(settings, f"127.0.0.1:{port}", 1, 8)

    def load(self) -> Flask:
        return self._app


def serve(made_here: Made, folder: Path, papers: MemoryStore, now: datetime, port: int) -> None:
    """The same world in a process of its own. The typesetter's threads outlive no fork."""
    use_made(made_here)
    world = World(open_engine(f"sqlite:///{folder / 'portal.db'}"), folder)
    world.clock.set(now)
    world.house = replace(world.house, store=papers)
    world.wiring = replace(world.wiring, house=world.house)
    AsServed(world.app, world.settings, port).run()


@contextmanager
def served(world: World) -> Iterator[int]:
    port = free_port()
    given = (made(), world.folder, world.store, world.clock.now(), port)
    server = multiprocessing.get_context("spawn").Process(target=serve, args=given)
    server.start()
    try:
        wait_for(port)
        yield port
    finally:
        server.terminate()
        server.join(60)


class Browser:
    """Somebody signed in, at a computer that reads slowly when told to."""

    def __init__(self, port: int, secret: bytes) -> None:
        self.port = port
        self.cookies = {"portal": encode(secret)}
        self.open: list[http.client.HTTPConnection] = []

    def ask(self, method: str, path: str, **fields: str) -> http.client.HTTPResponse:
        connection = http.client.HTTPConnection("localhost", self.port)
        self.open.append(connection)
        # Little is on its way at any time, so that what is cut off had not been sent before.
        connection.sock = socket.socket()
        connection.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, PIECE)
        connection.sock.settimeout(30)
        connection.sock.connect(("127.0.0.1", self.port))
        headers = {
            "Host": "localhost",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "Content-Type": "application/x-www-form-urlencoded",
        }
        connection.request(method, path, urlencode(fields) if fields else None, headers)
        answer = connection.getresponse()
        for told in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = told.split(";")[0].partition("=")
            self.cookies[name] = value
        return answer

    def leave(self) -> None:
        for connection in self.open:
            connection.close()

    def send(self, page: str, path: str) -> http.client.HTTPResponse:
        """Post the form of a page."""
        found = re.search(rb'name="csrf_token"[^>]*value="([^"]+)"', self.ask("GET", page).read())
        assert found is not None
        return self.ask("POST", path, csrf_token=found[1].decode())


def what_still_comes(copy: http.client.HTTPResponse) -> int:
    """How many bytes, until the connection is broken off."""
    begun, came = time.monotonic(), 0
    try:
        while piece := copy.read(PIECE):
            came += len(piece)
    except (http.client.IncompleteRead, ConnectionError) as cut:
        came += len(getattr(cut, "partial", b""))
    assert time.monotonic() - begun < 5
    return came


@pytest.fixture
def sent(stage: Stage) -> Stage:
    """A pack of some megabytes, sent to Ruth, with the statement accepted."""
    house, world = stage.house, stage.world
    police = world.agency("police").id
    helen, carys = world.who("helen"), world.who("carys")
    asked = ask_for_report(house, helen, stage.slot_id, police, "risk", date(2026, 5, 20))
    examined = examine_report(house, carys, asked.request.id, a_paper(120, 1))
    done = submit_report(house, carys, asked.request.id, examined.candidate_id, BORN)
    papers = {**stage.papers, "risk": done.version_id}
    found = Stage(world, Places(stage.case_id, stage.slot_id, papers))
    found.arrange(("A", "F", "update", "risk"))
    found.send()
    found.accept("ruth")
    return found


def test_a_copy_on_its_way_is_broken_off_and_every_session_ends(sent: Stage) -> None:
    world = sent.world
    grant = sent.grant("ruth").id
    secrets = [world.begin("ruth"), world.begin("ruth"), world.begin("helen")]
    with served(world) as port:
        ruth, elsewhere, helen = (Browser(port, secret) for secret in secrets)
        copy = ruth.send(f"/papers/{grant}", f"/papers/{grant}/open")
        assert copy.status == 200
        size = int(copy.headers["Content-Length"])
        came = len(copy.read(PIECE))
        remove = f"/unit/people/{sent.id('ruth')}/remove"
        assert helen.send(remove, remove).status == 302
        came += what_still_comes(copy)
        # What the two sockets held had left the portal before; nothing was read after that.
        assert came < size / 2, (came, size)
        for browser in (ruth, elsewhere):
            for path in ("/", f"/papers/{grant}", "/account/"):
                answer = browser.ask("GET", path)
                assert answer.status == 302
                assert answer.headers["Location"].startswith("/sign-in")
        assert helen.ask("GET", "/unit/people/").status == 200
        for browser in (ruth, elsewhere, helen):
            browser.leave()
