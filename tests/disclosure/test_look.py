"""Every page of a disclosure in a real browser: no violation, and two columns beside each other."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest
from playwright.sync_api import Page

from portal.web.current import encode
from tests.disclosure.scene import APPROVAL, REFUSAL, Scene
from tests.real.browser import OpenPage

WIDE = {"width": 1280, "height": 900}
PHONE = {"width": 360, "height": 740}


def served(scene: Scene, serve: Callable[[Any], str]) -> str:
    """The address of the scene's portal, whatever port it was given."""
    app = scene.world.app

    def under_its_name(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        named = {"HTTP_HOST": scene.world.settings.host}
        if "HTTP_ORIGIN" in environ:
            named["HTTP_ORIGIN"] = scene.world.settings.base_url
        return app.wsgi_app({**environ, **named}, start)

    return serve(under_its_name)


def browser(scene: Scene, open_page: OpenPage, address: str, name: str, size: Any) -> Page:
    page = open_page(base_url=address, viewport=size)
    secret = encode(scene.world.begin(name))
    page.context.add_cookies([{"name": "portal", "value": secret, "url": address}])
    return page


def beside(page: Page) -> bool:
    """Whether the test stands to the right of the request."""
    left, right = (page.locator(f"#{name}").bounding_box() for name in ("request", "test"))
    assert left is not None
    assert right is not None
    return right["x"] > left["x"]


@pytest.mark.real("Chromium")
@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_every_page_is_for_everybody(
    scene: Scene,
    serve: Callable[[Any], str],
    open_page: OpenPage,
    axe: Callable[[Page], None],
    size: dict[str, int],
) -> None:
    asked, for_una = scene.ask(), scene.ask(receiver="una")
    approved, refused = scene.ask(receiver="grace"), scene.ask(receiver="mark")
    scene.decide(approved.id, APPROVAL)
    scene.decide(refused.id, REFUSAL)
    scene.accept("grace")
    address = served(scene, serve)

    helen = browser(scene, open_page, address, "helen", size)
    unit = "/unit/disclosures/"
    for path in (
        unit, f"{unit}{for_una.id}", f"{unit}{asked.id}/approve", f"{unit}{asked.id}/refuse",
        f"{unit}{approved.id}", f"{unit}{approved.id}/record", f"{unit}{refused.id}/record",
    ):  # fmt: skip
        answer = helen.goto(path)
        assert answer is not None
        assert answer.status == 200, path
        axe(helen)
        wide_enough = helen.evaluate(
            "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
        )
        assert wide_enough, path
    helen.goto(f"{unit}{asked.id}/approve")
    assert beside(helen) is (size is WIDE)
    helen.get_by_role("button", name="Approve and give the paper").click()
    helen.get_by_role("heading", name="There is a problem").wait_for()
    axe(helen)
    carys = browser(scene, open_page, address, "carys", size)
    for path in (
        f"/papers/{scene.grant.id}/pass-on", f"/requests/{asked.id}",
        f"/requests/{approved.id}", f"/requests/{refused.id}",
    ):  # fmt: skip
        answer = carys.goto(path)
        assert answer is not None
        assert answer.status == 200, path
        axe(carys)
