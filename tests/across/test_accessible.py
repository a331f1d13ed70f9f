"""The pages of several areas in a real browser, by keyboard: nothing for axe to complain of."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest
from playwright.sync_api import Page

from portal.journeys.agencies.share_agency import share_agency
from portal.journeys.deed import tending
from portal.journeys.signing_in.recall import begin
from portal.records import people
from portal.records.database import reading
from portal.records.sessions import Stage
from portal.web.current import encode
from tests.across.scene import Two, token_of
from tests.real.browser import Serve
from tests.web.test_people_accessible import look

pytestmark = pytest.mark.real("Chromium")


def reached_by(two: Two, secret: bytes) -> Callable[[dict[str, Any], Any], Iterable[bytes]]:
    app, host = two.world.app, two.world.settings.host

    def through(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        kept = environ.get("HTTP_COOKIE", "")
        environ |= {"HTTP_HOST": host, "HTTP_COOKIE": f"portal={encode(secret)}; {kept}"}
        if "HTTP_ORIGIN" in environ:
            environ["HTTP_ORIGIN"] = two.world.settings.base_url
        return app(environ, start)

    return through


def olga_signed_in(two: Two) -> bytes:
    """Another session of Southmere's own co-ordinator."""
    world = two.world
    with reading(world.house.engine) as db:
        olga = people.load(db, two.area_id, two.olga.actor.person_id)
    assert olga is not None
    now = world.clock.now()
    with tending(world.house) as db:
        return begin(world.house, db, olga, Stage.SIGNED_IN, two.olga.keyring, now, factor_at=now)


def press(page: Page, name: str) -> None:
    """Tab to the button of this name, and press Enter."""
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.innerText").strip() == name:
            page.keyboard.press("Enter")
            return
    raise AssertionError(f"{name} is not reached by the keyboard")


def test_somebody_joins_a_second_area_and_has_one_list(
    two: Two, open_page: Callable[..., Page], serve: Serve, axe: Callable[[Page], None]
) -> None:
    link = two.invites("carys")
    page = open_page()
    base = serve(reached_by(two, two.world.begin("carys")))
    page.goto(f"{base}/join/{token_of(link)}/accept")
    assert "Southmere" in page.inner_text("h1")
    look(axe, page)
    press(page, "Join")
    page.get_by_text("You belong to Southmere as well now").wait_for()
    two.slot(link.person.id)
    page.goto(base)
    assert "SM/2026/003" in page.inner_text("main")
    look(axe, page)
    page.get_by_role("link", name="SM/2026/003").first.click()
    page.wait_for_url(f"**/in/{two.area_id}/**")
    look(axe, page)


def test_an_agency_that_another_area_offers_is_linked(
    two: Two, open_page: Callable[..., Page], serve: Serve, axe: Callable[[Page], None]
) -> None:
    prison = two.world.agency("prison")
    share_agency(two.world.house, two.world.who("helen"), prison.id, shared=True)
    page = open_page()
    base = serve(reached_by(two, two.world.begin("helen")))
    page.goto(f"{base}/unit/agencies/{prison.id}")
    look(axe, page)
    south = serve(reached_by(two, olga_signed_in(two)))
    page.goto(f"{south}/unit/agencies/link/")
    look(axe, page)
    page.get_by_role("link", name=prison.name).click()
    look(axe, page)
    for name, typed in {"spoc": "Sola Adeyemi", "phone": "01632 961 220"}.items():
        page.locator(f"input[name={name}]").fill(typed)
    press(page, "Link the agency")
    page.get_by_text("The agency is linked").wait_for()
    look(axe, page)
