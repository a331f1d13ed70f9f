"""What a page asks for by itself is no activity: it moves no idle time."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest

from portal.journeys.signing_in.recall import IDLE, TOUCH_EVERY
from portal.records import sessions
from portal.records.database import reading
from tests.house.source import PORTAL
from tests.world import World
from tests.world_fixture import world, world_template

__all__ = ["world", "world_template"]

SCRIPTS = sorted((PORTAL / "web" / "scripts").glob("*.js"))
TEMPLATES = PORTAL.parent / "templates"
ASKS = re.compile(
    r"\bfetch\s*\(.*|XMLHttpRequest.*|EventSource.*|WebSocket.*|sendBeacon.*|importScripts.*"
)
BY_ITSELF = {"check.js": ["fetch(all.dataset.sample, { credentials: 'omit' })"]}
"""Each is asked for by its page without anybody doing anything, and brings no cookie."""

WHEN_PRESSED = {
    "largest.js": ["XMLHttpRequest()"],
    "lock.js": ["fetch(location.href, { redirect: 'manual', cache: 'no-store' })"],
}
"""What a person presses a button for; the browser's Back is one."""

PATHS = ("/check/sample-paper.pdf", "/healthz", "/readyz")
"""Where those lead, and what watchers of the server ask for."""


def test_scripts_ask_for_nothing_but_what_is_known_here() -> None:
    found = {path.name: ASKS.findall(path.read_text()) for path in SCRIPTS}
    assert {name: asked for name, asked in found.items() if asked} == BY_ITSELF | WHEN_PRESSED


def test_no_page_loads_itself_anew() -> None:
    again = re.compile(r"http-equiv|\bmeta[^>]*refresh", re.IGNORECASE)
    pages = sorted(Path(TEMPLATES).rglob("*.html"))
    assert [path.name for path in pages if again.search(path.read_text())] == []
    source = "".join(path.read_text() for path in sorted((PORTAL / "web").rglob("*.py")))
    assert '"Refresh"' not in source


@pytest.mark.parametrize("path", PATHS)
def test_what_is_asked_for_so_moves_no_idle_time(world: World, path: str) -> None:
    secret = world.begin("ruth")
    client = world.client()
    world.give_cookie(client, secret)
    began = seen(world, secret)
    for _ in range(3):
        world.clock.advance(TOUCH_EVERY * 3)
        client.get(path)
        assert seen(world, secret) == began
    world.clock.advance(IDLE)
    client.get(path)
    assert client.get("/account/").headers["Location"].startswith("/locked")


def test_what_a_person_asks_for_does(world: World) -> None:
    secret = world.begin("ruth")
    client = world.client()
    world.give_cookie(client, secret)
    began = seen(world, secret)
    world.clock.advance(timedelta(minutes=5))
    client.get("/account/")
    assert seen(world, secret) > began


def seen(world: World, secret: bytes):  # type: ignore[no-untyped-def]
    with reading(world.house.engine) as db:
        row = sessions.load(db, world.session_id(secret))
    assert row is not None
    return row.seen_at
