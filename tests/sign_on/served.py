"""The world on a port of this computer, for a real browser, and a real provider beside it."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
from playwright.sync_api import Page
from werkzeug.serving import make_server

from portal import create_app
from portal.web.current import encode
from tests.real.browser import OpenPage
from tests.real.oidc import RealProvider, running
from tests.world import World


@dataclass(frozen=True)
class Served:
    """The world on a port of this computer, and the provider of social care."""

    world: World
    base: str
    provider: RealProvider

    @property
    def agency_id(self) -> str:
        return self.world.agency("social_care").id

    def code(self, name: str) -> str:
        code = self.world.code(name)
        self.provider.at(self.world.clock.now())
        return code

    def signed_in(self, open_page: OpenPage, name: str, javascript: bool) -> Page:
        page = open_page(javascript=javascript)
        cookie = {"name": "portal", "value": encode(self.world.begin(name)), "url": self.base}
        page.context.add_cookies([cookie])
        return page


@pytest.fixture
def served(world: World) -> Iterator[Served]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    base = f"http://localhost:{port}"
    settings = replace(world.settings, base_url=base)
    app = create_app(replace(world.wiring, settings=settings))
    server = make_server("127.0.0.1", port, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    back = f"{base}/sign-in/agency/{world.agency('social_care').id}/back"
    left = back.removesuffix("/back") + "/left"
    with running(back, after=f"{base}/signed-out", told=left) as provider:
        provider.at(world.clock.now())
        yield Served(world, base, provider)
    server.shutdown()
    thread.join()
    server.server_close()
