"""Whoever uploads a scan can read what was recognised on it before they hand it in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from portal.journeys.reports.read_recognised import read_recognised
from portal.policy.judge import Refused
from portal.policy.verdict import Why
from portal.web.current import encode
from tests.agency.conftest import Asking
from tests.documents.making import saved
from tests.documents.test_recognise import SAID, photograph, scanned
from tests.web.browsing import text_of

pytestmark = pytest.mark.real("tesseract in a sandbox")


@pytest.fixture
def uploaded(asking: Asking, tesseract: None) -> Asking:
    asking.examine(saved(scanned(None, photograph())))
    return asking


def test_the_words_of_a_page_are_shown_and_a_line_is_left(uploaded: Asking) -> None:
    browser = uploaded.world.client("adeyemi")
    check = browser.get(f"/agency/requests/{uploaded.f}/check")
    assert "Look at what was recognised: page 2" in text_of(check)
    path = f"/agency/requests/{uploaded.f}/words/2"
    assert path in check.get_data(as_text=True)
    assert SAID in text_of(browser.get(path))
    (line,) = uploaded.lines("file.words_read")
    assert (line["subject"], line["sheet"]) == (uploaded.f, 2)


@pytest.mark.parametrize("sheet", [0, 1, 3, 99])
def test_other_pages_are_not_there(uploaded: Asking, sheet: int) -> None:
    house, who = uploaded.world.house, uploaded.world.who("adeyemi")
    with pytest.raises(Refused) as refused:
        read_recognised(house, who, uploaded.f, sheet)
    assert refused.value.why is Why.NOT_THERE
    assert not uploaded.lines("file.words_read")


@pytest.mark.parametrize("name", ["carys", "helen", "priya", "ruth"])
def test_nobody_else_reads_them(uploaded: Asking, name: str) -> None:
    with pytest.raises(Refused) as refused:
        read_recognised(uploaded.world.house, uploaded.world.who(name), uploaded.f, 2)
    assert refused.value.why is Why.NOT_THERE


@pytest.mark.real("Chromium")
def test_axe_finds_nothing(
    uploaded: Asking,
    open_page: Callable[..., Page],
    serve: Callable[[Any], str],
    axe: Callable[[Page], None],
) -> None:
    cookie = f"portal={encode(uploaded.world.begin('adeyemi'))}"
    app = uploaded.world.app

    def through(environ: dict[str, Any], start: Any) -> Any:
        environ |= {"HTTP_HOST": uploaded.world.settings.host, "HTTP_COOKIE": cookie}
        return app(environ, start)

    page, server = open_page(), serve(through)
    for path in ("check", "words/2"):
        page.goto(f"{server}/agency/requests/{uploaded.f}/{path}")
        axe(page)
