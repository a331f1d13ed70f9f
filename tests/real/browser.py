"""Debian's Chromium and Firefox, with and without scripts, watched for errors; and axe."""

from __future__ import annotations

import logging
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Playwright,
    sync_playwright,
)
from werkzeug.serving import make_server

from tests.real.components import absent

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]

OpenPage = Callable[..., Page]
Serve = Callable[[Any], str]


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """What drives browsers; one for each worker, whatever browsers there are."""
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def chromium(request: pytest.FixtureRequest) -> Iterator[Browser]:
    """A running Chromium, one for each worker."""
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        pytest.skip(absent("Chromium"))
    playwright: Playwright = request.getfixturevalue("playwright")
    browser = playwright.chromium.launch(executable_path=program, args=list(ARGUMENTS))
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def firefox(request: pytest.FixtureRequest) -> Iterator[Browser]:
    """A running Firefox ESR, one for each worker, as it is installed and by WebDriver BiDi."""
    program = shutil.which("firefox-esr")
    if program is None:
        pytest.skip(absent("Firefox"))
    playwright: Playwright = request.getfixturevalue("playwright")
    browser = playwright.firefox.launch(channel="moz-firefox", executable_path=program)
    yield browser
    browser.close()


@pytest.fixture
def open_page(chromium: Browser) -> Iterator[OpenPage]:
    """Opens a page in a context of its own: `open_page(javascript=False, base_url=...)`.

    One call for each person of a test. `own_scripts=False` leaves JavaScript on but gives the page
    empty scripts, for axe needs JavaScript to look at a page as it is without. Whatever else is
    given goes to the context. At the end the test fails if a page logged an error, broke its
    content security policy, or threw.
    """
    yield from pages_of(chromium)


@pytest.fixture
def open_in_firefox(firefox: Browser) -> Iterator[OpenPage]:
    """The same in Firefox."""
    yield from pages_of(firefox)


def pages_of(browser: Browser) -> Iterator[OpenPage]:
    """What opens pages of this browser, and looks at the end what they complained of."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def open_one(*, javascript: bool = True, own_scripts: bool = True, **options: Any) -> Page:
        context = browser.new_context(
            java_script_enabled=javascript, locale="en-GB", timezone_id="Europe/London", **options
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        if not own_scripts:
            context.route("**/*.js", lambda route: route.fulfill(content_type="text/javascript"))
        page = context.new_page()
        listen(page, complaints)
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    """A page with JavaScript."""
    return open_page()


@pytest.fixture
def page_without_js(open_page: OpenPage) -> Page:
    """A page without JavaScript."""
    return open_page(javascript=False)


@pytest.fixture(scope="session")
def axe() -> Callable[[Page], None]:
    """`axe(page)` fails with every violation of WCAG 2.2 AA (and best practice) on the page.

    The page must have JavaScript, if only for axe: see `own_scripts` of `open_page`.
    """
    script = AXE.read_text("utf-8")

    def check(page: Page) -> None:
        page.evaluate(script)
        found = page.evaluate(
            "tags => axe.run({runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']})",
            AXE_TAGS,
        )
        violations = [
            f"{violation['id']}: {violation['help']}: {node['html']}"
            for violation in found["violations"]
            for node in violation["nodes"]
        ]
        assert violations == [], page.url

    return check


@pytest.fixture
def serve() -> Iterator[Serve]:
    """`serve(app)` runs a WSGI application on loopback for one test; returns its address."""
    servers = []
    logging.getLogger("werkzeug").setLevel(logging.ERROR)

    def start(app: Any) -> str:
        server = make_server("127.0.0.1", 0, app, threaded=True)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        servers.append((server, thread))
        return f"http://localhost:{server.port}"

    yield start
    for server, thread in servers:
        server.shutdown()
        thread.join()
        server.server_close()


def listen(page: Page, complaints: list[str]) -> None:
    """Write down what a page complains of, but for the plain refusal of a page that was asked for.

    Chromium logs an error for a page answered 403 or 404; tests of refusals ask for exactly that.
    """
    documents: set[str] = set()

    def on_console(message: ConsoleMessage) -> None:
        is_refusal = message.text.startswith("Failed to load resource: the server responded with")
        if message.type == "error" and not (is_refusal and message.location["url"] in documents):
            complaints.append(f"{page.url}: {message.text}")

    page.on("request", lambda sent: documents.add(sent.url) if sent.is_navigation_request() else 0)
    page.on("console", on_console)
    page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
