"""A browser that keeps pages for its Back button shows none of them once the screen is locked."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, Playwright

from tests.browser.northmere import Town
from tests.browser.pages.unit import Unit
from tests.browser.people import People
from tests.browser.visitor import USUAL, Axe, Looks
from tests.real.browser import ARGUMENTS, PROGRAMS, OpenPage, pages_of
from tests.real.components import absent

pytestmark = [
    pytest.mark.real("Chromium"),
    pytest.mark.real("independent TOTP"),
    pytest.mark.timeout(600),
]

AnyPeople = Callable[..., People]

LOCKED, PEOPLE = "Your screen is locked", "People"
BROWSERS = pytest.mark.parametrize("javascript", [True, False], ids=["with-javascript", "without"])


@pytest.fixture(scope="module")
def remembering(playwright: Playwright) -> Iterator[Browser]:
    """Chromium as people have it; tests switch off that it keeps pages for the Back button."""
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        pytest.skip(absent("Chromium"))
    browser = playwright.chromium.launch(
        executable_path=program,
        args=list(ARGUMENTS),
        ignore_default_args=["--disable-back-forward-cache"],
    )
    yield browser
    browser.close()


@pytest.fixture
def open_remembering(remembering: Browser) -> Iterator[OpenPage]:
    yield from pages_of(remembering)


@pytest.fixture
def anybody(town: Town, open_remembering: OpenPage, axe: Axe) -> AnyPeople:
    """`anybody(javascript=False)`: everybody in Northmere, at browsers that keep their pages."""

    def gather(*, javascript: bool = True) -> People:
        twin = None if javascript else open_remembering(own_scripts=False)
        opened = lambda: open_remembering(javascript=javascript, viewport=dict(USUAL))  # noqa: E731
        return People(town, opened, Looks(axe, twin))

    return gather


def at_people(anybody: AnyPeople, javascript: bool) -> Unit:
    """Somebody looks at the list of people, which their browser would keep."""
    priya = anybody(javascript=javascript).at(Unit, "priya")
    priya.signs_in("/unit/people/")
    priya.at.page.evaluate("window.kept = true")
    return priya


def back(page: Page) -> None:
    """Press Back. The driver does not see pages that were kept: wait for what is shown."""
    session = page.context.new_cdp_session(page)
    history = session.send("Page.getNavigationHistory")
    entry = history["entries"][history["currentIndex"] - 1]
    session.send("Page.navigateToHistoryEntry", {"entryId": entry["id"]})
    page.wait_for_timeout(1_000)
    page.wait_for_function("document.readyState === 'complete' && !document.body.hidden")


def kept(page: Page) -> bool:
    return bool(page.evaluate("window.kept === true"))


@BROWSERS
def test_this_browser_keeps_pages_while_the_session_goes_on(
    anybody: AnyPeople, javascript: bool
) -> None:
    priya = at_people(anybody, javascript)
    priya.at.page.goto("about:blank")
    back(priya.at.page)
    assert priya.at.heading() == PEOPLE
    assert kept(priya.at.page), "without this the other tests show nothing"


@BROWSERS
def test_the_lock_button_leaves_nothing_behind_back(anybody: AnyPeople, javascript: bool) -> None:
    priya = at_people(anybody, javascript)
    priya.at.press("Lock the screen")
    back(priya.at.page)
    assert priya.at.heading() == LOCKED
    assert not kept(priya.at.page)


@BROWSERS
def test_a_screen_that_the_time_has_locked_leaves_nothing_behind_back(
    anybody: AnyPeople, town: Town, javascript: bool
) -> None:
    priya = at_people(anybody, javascript)
    town.later(minutes=31)
    priya.at.follow("My account")
    assert priya.at.heading() == LOCKED
    back(priya.at.page)
    assert priya.at.heading() == LOCKED
    assert not kept(priya.at.page)


@BROWSERS
def test_nor_does_a_session_that_the_time_has_ended(
    anybody: AnyPeople, town: Town, javascript: bool
) -> None:
    priya = at_people(anybody, javascript)
    town.later(hours=13)
    priya.at.follow("My account")
    assert priya.at.heading() == "Sign in"
    back(priya.at.page)
    assert priya.at.heading() == "Sign in"
    assert not kept(priya.at.page)


def test_a_page_that_was_kept_from_before_asks_whether_it_is_still_open(
    anybody: AnyPeople, town: Town
) -> None:
    """Nobody went to the portal between the lock and Back, so the browser knows of no lock."""
    priya = at_people(anybody, javascript=True)
    priya.at.page.goto("about:blank")
    town.later(minutes=31)
    back(priya.at.page)
    assert priya.at.heading() == LOCKED
