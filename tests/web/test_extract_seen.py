"""The pages of extracts in a real browser: drawn with a mouse, without JavaScript, axe clean."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest
from playwright.sync_api import Page

from portal.journeys.extracts.make_extract import make_extract
from portal.journeys.extracts.mark_extract import begin_extract, mark_words
from portal.web.current import encode
from tests.staging import Stage

Serve = Callable[[Any], str]
Axe = Callable[[Page], None]
OpenPage = Callable[..., Page]


def at(stage: Stage) -> Callable[[dict[str, Any], Any], Iterable[bytes]]:
    """Helen's browser, whose forms come from the portal's own origin too."""
    own = f"portal={encode(stage.world.begin('helen'))}"
    app = stage.world.app

    def through(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        for name in ("HTTP_ORIGIN", "HTTP_REFERER"):
            environ.pop(name, None)
        others = environ.get("HTTP_COOKIE")
        environ |= {
            "HTTP_HOST": stage.world.settings.host,
            "HTTP_COOKIE": f"{others}; {own}" if others else own,
        }
        return app(environ, start)

    return through


def wide(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))


@pytest.mark.real("Chromium")
@pytest.mark.parametrize("javascript", [True, False], ids=["with-javascript", "without"])
def test_a_paper_is_marked_and_the_extract_is_made(
    stage: Stage, open_page: OpenPage, serve: Serve, axe: Axe, javascript: bool
) -> None:
    page = open_page(javascript=javascript)
    page.goto(serve(at(stage)) + f"/unit/extracts/{stage.papers['F']}")
    page.get_by_role("button", name="Open this paper to mark it").click()
    page.wait_for_url("**/pages/1")
    picture = page.get_by_role("img", name="This page, with what is marked shaded")
    picture.wait_for()
    if javascript:
        axe(page)
        assert wide(page) <= 0
        box = picture.bounding_box()
        assert box is not None
        page.mouse.move(box["x"] + box["width"] * 0.1, box["y"] + 20)
        page.mouse.down()
        page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + 60)
        page.mouse.up()
        assert 9 < float(page.get_by_label("Left edge").input_value()) < 11
        assert 49 < float(page.get_by_label("Right edge").input_value()) < 51
    else:
        for label, typed in (("Left", "10"), ("Top", "2"), ("Right", "50"), ("Bottom", "6")):
            page.get_by_label(f"{label} edge").fill(typed)
    page.get_by_role("button", name="Mark this area").press("Enter")
    page.get_by_text("1 place is marked").click()
    page.wait_for_url("**/marks")
    if javascript:
        axe(page)
        assert wide(page) <= 0
    page.get_by_role("button", name="Make the extract").press("Enter")
    page.get_by_label("I have looked at every page of this extract").wait_for()
    if javascript:
        axe(page)
    page.get_by_label("I have looked at every page of this extract").check()
    page.get_by_role("button", name="This extract may be sent").press("Enter")
    page.get_by_text("It can be sent.").wait_for()


@pytest.mark.real("Chromium")
def test_the_lists_have_nothing_for_axe_to_complain_of(
    stage: Stage, open_page: OpenPage, serve: Serve, axe: Axe
) -> None:
    helen = stage.world.who("helen")
    begin_extract(stage.house, helen, stage.papers["F"])
    mark_words(stage.house, helen, stage.papers["F"], "form")
    assert make_extract(stage.house, helen, stage.papers["F"]).version_id is not None
    page, origin = open_page(), serve(at(stage))
    for path in (f"/unit/slots/{stage.slot_id}/extracts", f"/unit/extracts/{stage.papers['F']}"):
        page.goto(origin + path)
        axe(page)
        assert wide(page) <= 0
