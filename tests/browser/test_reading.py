"""Reading a pack in the browser, page by page: with JavaScript and without, and by keyboard."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.pages.reader import Reader
from tests.browser.people import People

REFERENCE = "NM/2026/021"
PICTURE = "i => i.complete && i.naturalWidth > 500"
OVER_IT = """svg => {
  const [own, picture] = [svg, svg.previousElementSibling].map(e => e.getBoundingClientRect());
  return Math.abs(own.width - picture.width) < 2 && Math.abs(own.height - picture.height) < 2;
}"""


def is_at(page: Page, number: int) -> None:
    """This page is shown, and its picture has come."""
    page.wait_for_url(f"**/read/{number}")
    picture = page.get_by_role("img", name=f"Page {number}, ")
    picture.wait_for()
    page.wait_for_load_state()
    assert picture.evaluate(PICTURE)


@pytest.fixture(params=[True, False], ids=["with-javascript", "without"])
def mark(request: pytest.FixtureRequest, people: Callable[..., People]) -> Reader:
    """Mark, at the page from which he may read his pack."""
    found = people(javascript=request.param).at(Reader, "mark")
    found.signs_in()
    found.goes_to("Pack to read", REFERENCE)
    found.accepts_the_statement()
    return found


@pytest.mark.real("Chromium")
@pytest.mark.real("independent TOTP")
def test_a_pack_is_read_page_by_page(mark: Reader) -> None:
    at, page = mark.at, mark.at.page
    at.press("Read the pack")
    is_at(page, 1)
    at.sees_the_marking(REFERENCE)
    at.sees("Mark Ellison", "Cover and contents", "Contents")
    at.follow("Next page")
    is_at(page, 2)
    at.follow("Next tab", begins=True)
    is_at(page, 3)
    assert "Tab 1: " in at.heading()
    assert page.locator(".portal-sheet__words").evaluate(OVER_IT)
    words = page.locator(".portal-sheet__words tspan").all_text_contents()
    assert len(words) > 5

    at.follow("Read as text")
    assert at.heading().endswith(", as text")
    at.sees_the_marking(REFERENCE)
    at.sees("Mark Ellison", words[0].strip(), words[-1].strip())
    at.follow("See the page")
    is_at(page, 3)

    page.get_by_label("Go to page").fill("1")
    page.get_by_role("button", name="Go", exact=True).click()
    is_at(page, 1)
    page.get_by_label("Go to page").fill("900")
    page.get_by_role("button", name="Go", exact=True).click()
    at.arrived()
    at.sees("There is a problem", "There is no page with this number.")

    at.follow("Find words")
    at.fill("Find in this paper", words[0].strip())
    at.press("Find")
    at.sees("Found on", "Mark Ellison")
    assert words[0].strip() not in page.url
    page.get_by_role("link", name="Page 3, ").first.click()
    is_at(page, 3)
    assert at._looks.complaints == []


@pytest.mark.real("Chromium")
@pytest.mark.real("independent TOTP")
def test_pages_are_turned_by_keyboard(mark: Reader, request: pytest.FixtureRequest) -> None:
    page = mark.at.page
    mark.at.press("Read the pack")
    is_at(page, 1)
    scripted = "with-javascript" in request.node.name
    page.get_by_role("link", name="Next page").focus()
    page.keyboard.press("Enter")
    is_at(page, 2)
    page.keyboard.press("ArrowRight")
    if not scripted:
        page.wait_for_timeout(300)
        is_at(page, 2)
        return
    is_at(page, 3)
    page.keyboard.press("ArrowLeft")
    is_at(page, 2)
    page.get_by_label("Go to page").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Control+ArrowRight")
    page.wait_for_timeout(300)
    is_at(page, 2)
