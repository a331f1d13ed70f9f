"""The record's and the operator's pages in a real browser: nothing for axe to complain of."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest
from playwright.sync_api import Page

from portal.jobs.timers import jobs_of, run
from portal.web.current import encode
from tests.staging import Stage


def signed_in(stage: Stage, name: str) -> Callable[[dict[str, Any], Any], Iterable[bytes]]:
    """The application as this person's browser reaches it, under its own name."""
    cookie = f"portal={encode(stage.world.begin(name))}"
    app = stage.world.app

    def through(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        kept = environ.get("HTTP_COOKIE", "")
        environ |= {"HTTP_HOST": stage.world.settings.host, "HTTP_COOKIE": f"{cookie}; {kept}"}
        if "HTTP_ORIGIN" in environ:
            environ["HTTP_ORIGIN"] = stage.world.settings.base_url
        return app(environ, start)

    return through


@pytest.mark.real("Chromium")
@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("sian", "/record/"),
        ("sian", "/record/?since-day=41&deed=pack.sent"),
        ("sian", "/record/verify"),
        ("priya", "/unit/letters/"),
        ("dev", "/operator/"),
    ],
)
def test_axe_finds_nothing(
    stage: Stage,
    open_page: Callable[..., Page],
    serve: Callable[[Any], str],
    axe: Callable[[Page], None],
    name: str,
    path: str,
) -> None:
    stage.arrange()
    stage.send()
    wiring = stage.world.wiring
    for job in jobs_of(stage.house, wiring.sender, wiring.writer):
        run(stage.house, job)
    page = open_page()
    page.goto(serve(signed_in(stage, name)) + path)
    for details in page.locator("details").all()[:3]:
        details.evaluate("each => each.open = true")
    axe(page)
    width = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert width <= 0, "the page is wider than the window"
