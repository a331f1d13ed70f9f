"""Reading in a real browser: everything by keyboard, with scripts and without, enlarged, and on
paper."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pikepdf
import pytest
from playwright.sync_api import Page

from tests.documents.making import texts
from tests.reading.test_reading_doors import sent
from tests.staging import Stage
from tests.web.test_sending_pages import Serve, visit

__all__ = ["sent"]

FOCUSED = "document.activeElement.innerText || document.activeElement.name || ''"
MOST_STOPS = 60


def tab_to(page: Page, words: str) -> None:
    """Tab until the link, button or field with these words has the focus."""
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        if " ".join(str(page.evaluate(FOCUSED)).split()).startswith(words):
            return
    raise AssertionError(f"{words} is not reached by Tab")


def enter(page: Page, words: str) -> None:
    tab_to(page, words)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def at(page: Page) -> str:
    return page.url.partition("/read/")[2]


@pytest.fixture(params=[True, False], ids=["with-javascript", "without"])
def ruth(
    request: pytest.FixtureRequest, sent: Stage, serve: Serve, open_page: Callable[..., Page]
) -> Page:
    """Ruth's browser, at the first page of her pack."""
    page = visit(sent, serve, open_page, "ruth", javascript=request.param)
    page.goto(f"/papers/{sent.grant('ruth').id}")
    page.get_by_role("button", name="Read the pack").press("Enter")
    page.wait_for_url("**/read/1")
    return page


@pytest.mark.real("Chromium")
def test_everything_is_reached_by_keyboard(ruth: Page) -> None:
    enter(ruth, "Next page")
    assert at(ruth) == "2"
    enter(ruth, "Next tab")
    first = at(ruth)
    enter(ruth, "Next tab")
    assert int(at(ruth)) > int(first)
    enter(ruth, "Previous tab")
    assert at(ruth) == first
    enter(ruth, "See many pages at once")
    assert at(ruth) == f"{first}/pages"
    tab_to(ruth, "Page 2")
    picture = ruth.evaluate_handle("document.activeElement.querySelector('img')")
    ruth.wait_for_function("i => i.complete && i.naturalWidth > 50", arg=picture)
    with ruth.expect_navigation():
        ruth.keyboard.press("Enter")
    assert at(ruth) == "2"
    tab_to(ruth, "page")
    ruth.keyboard.type("3")
    with ruth.expect_navigation():
        ruth.keyboard.press("Enter")
    assert at(ruth) == "3"
    enter(ruth, "Find words")
    tab_to(ruth, "words")
    ruth.keyboard.type("Contents")
    with ruth.expect_navigation():
        ruth.keyboard.press("Enter")
    enter(ruth, "Page 2")
    assert at(ruth) == "2"
    enter(ruth, "Read as text")
    assert at(ruth) == "2/text"
    enter(ruth, "Previous page")
    assert at(ruth) == "1/text"


@pytest.mark.real("Chromium")
def test_no_page_is_drawn_before_somebody_comes_to_it(ruth: Page) -> None:
    asked: list[str] = []
    ruth.on("request", lambda request: asked.append(request.url.partition("/read/")[2]))
    ruth.reload(wait_until="networkidle")
    assert [path for path in asked if "/" in path] == ["1/image"]
    ruth.get_by_role("link", name="Next page").click()
    ruth.wait_for_url("**/read/2")
    ruth.wait_for_load_state("networkidle")
    assert [path for path in asked if "/" in path] == ["1/image", "2/image"]


@pytest.mark.real("Chromium")
def test_at_400_per_cent_text_flows_in_one_column(ruth: Page) -> None:
    """A window of 1280 pixels enlarged four times shows 320 of them (WCAG 2.2, 1.4.10)."""
    ruth.set_viewport_size({"width": 320, "height": 256})
    for place in ("2/text", "2/pages", "2/find", "2"):
        ruth.goto(f"{ruth.url.partition('/read/')[0]}/read/{place}")
        wide = ruth.evaluate("document.scrollingElement.scrollWidth")
        assert wide <= 320, (place, wide)


def printed(page: Page, **how: Any) -> tuple[list[str], int]:
    """The words of each sheet that comes out of the printer, and how many links are on them."""
    page.wait_for_load_state("networkidle")
    clear = page.pdf(**how)
    with pikepdf.open(io.BytesIO(clear)) as pdf:
        links = sum(len(sheet.obj.get("/Annots", [])) for sheet in pdf.pages)
    return [" ".join(words.split()) for words in texts(clear)], links


@pytest.mark.real("Chromium")
@pytest.mark.parametrize("ruth", [True], indirect=True, ids=["with-javascript"])
def test_on_paper_each_sheet_says_whose_copy_it_is_and_nothing_is_to_be_pressed(
    ruth: Page,
) -> None:
    small = {"width": "105mm", "height": "120mm"}
    pages = ruth.url.partition("/read/")[0]
    for place, how in (("2", {}), ("2/text", {}), ("2/text", small)):
        ruth.goto(f"{pages}/read/{place}")
        sheets, links = printed(ruth, **how)
        assert links == 0, place
        for words in sheets:
            assert "OFFICIAL-SENSITIVE · Ruth Okell" in words, (place, sheets)
            assert " ref " in words
        whole = " ".join(sheets)
        for pressed in ("Next page", "Next tab", "Find words", "Go to page", "Sign out", "Back",
                        "My account", "See many pages", "Read as text", "Cookies"):  # fmt: skip
            assert pressed not in whole, (place, pressed)
        assert how or len(sheets) == 1, place
        assert not how or len(sheets) > 1, place


@pytest.mark.real("Chromium")
@pytest.mark.parametrize("ruth", [True], indirect=True, ids=["with-javascript"])
def test_many_small_pages_on_paper_say_whose_copy_they_are_on_each_sheet(ruth: Page) -> None:
    ruth.goto(f"{ruth.url.partition('/read/')[0]}/read/2/pages")
    sheets, _links = printed(ruth, width="105mm", height="120mm")
    assert len(sheets) > 1
    # The first sheet has the heading alone, and no page of the paper.
    assert all("OFFICIAL-SENSITIVE · Ruth Okell" in words for words in sheets[1:]), sheets
