"""Whoever chose a file looks at its pages as they became, before they hand it in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page

from portal.documents.render import Kind
from portal.journeys.reports.drop_candidate import drop_report
from portal.journeys.reports.see_page import see_page_of_report
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.web.current import encode
from tests.agency.conftest import Asking
from tests.documents.making import numbered
from tests.web.browsing import text_of


def test_every_page_is_seen_from_the_check_and_each_look_leaves_a_line(asking: Asking) -> None:
    asking.examine(numbered(3))
    browser, check = asking.world.client("adeyemi"), f"/agency/requests/{asking.f}/check"
    shown = browser.get(check)
    assert "Look at its 3 pages as readers will get them." in text_of(shown)
    assert f'href="{check}/1"' in shown.get_data(as_text=True)
    assert not asking.lines("file.page_seen")
    for sheet in (1, 2, 3):
        page = browser.get(f"{check}/{sheet}").get_data(as_text=True)
        assert (f'href="{check}/{sheet + 1}"' in page) == (sheet < 3)
        assert f'href="{check}"' in page
        picture = browser.get(f"{check}/{sheet}/image")
        assert (picture.status_code, picture.mimetype) == (200, Kind.PNG)
        assert picture.headers["Cache-Control"] == "no-store"
        assert picture.headers["Accept-Ranges"] == "none"
    told = [(line["subject"], line["sheet"]) for line in asking.lines("file.page_seen")]
    assert told == [(asking.f, 1), (asking.f, 2), (asking.f, 3)]
    assert asking.reports() == 0


@pytest.mark.parametrize("sheet", [0, 4, 10**6])
def test_there_are_no_other_pages(asking: Asking, sheet: int) -> None:
    asking.examine(numbered(3))
    browser, check = asking.world.client("adeyemi"), f"/agency/requests/{asking.f}/check"
    assert browser.get(f"{check}/{sheet}").status_code == 404
    assert browser.get(f"{check}/{sheet}/image").status_code == 404
    assert not asking.lines("file.page_seen")


@pytest.mark.parametrize("name", ["carys", "helen", "priya", "ruth"])
def test_nobody_else_sees_them(asking: Asking, name: str) -> None:
    asking.examine()
    with pytest.raises(Refused) as refused:
        see_page_of_report(asking.world.house, asking.world.who(name), asking.f, 1)
    assert refused.value.why is Why.NOT_THERE
    image = f"/agency/requests/{asking.f}/check/1/image"
    assert asking.world.client(name).get(image).status_code == 404
    assert not asking.lines("file.page_seen")


@pytest.mark.parametrize("gone", ["never", "dropped", "handed in", "a day ago"])
def test_what_waits_no_more_is_not_seen(asking: Asking, gone: str) -> None:
    if gone != "never":
        chosen = asking.examine()
        if gone == "dropped":
            who = asking.world.who("adeyemi")
            drop_report(asking.world.house, who, asking.f, chosen.candidate_id)
        elif gone == "handed in":
            asking.submit(chosen)
        else:
            asking.skip(timedelta(hours=24))
    browser, check = asking.world.client("adeyemi"), f"/agency/requests/{asking.f}/check"
    assert browser.get(f"{check}/1").headers["Location"] == f"/agency/requests/{asking.f}"
    assert browser.get(f"{check}/1/image").status_code == 404
    assert not asking.lines("file.page_seen")


@pytest.mark.real("Chromium")
def test_it_is_seen_in_a_browser_with_the_keyboard_and_axe_finds_nothing(
    asking: Asking,
    open_page: Callable[..., Page],
    serve: Callable[[Any], str],
    axe: Callable[[Page], None],
) -> None:
    asking.examine(numbered(2))
    cookie = f"portal={encode(asking.world.begin('adeyemi'))}"
    app = asking.world.app

    def through(environ: dict[str, Any], start: Any) -> Any:
        environ |= {"HTTP_HOST": asking.world.settings.host, "HTTP_COOKIE": cookie}
        return app(environ, start)

    page, server = open_page(), serve(through)
    page.goto(f"{server}/agency/requests/{asking.f}/check")
    page.get_by_role("link", name="Look at its 2 pages").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/check/1")
    picture = page.get_by_role("img", name="Page 1 of the file you chose")
    assert picture.evaluate("it => it.decode().then(() => it.naturalWidth)") > 500
    axe(page)
    page.get_by_role("link", name="Next page").first.press("Enter")
    page.wait_for_url("**/check/2")
    page.get_by_role("link", name="Back to what we found").first.press("Enter")
    page.wait_for_url("**/check")
