"""Check this computer: how large a file gets through, with one press."""

from __future__ import annotations

from collections.abc import Callable, Collection

import pytest
from playwright.sync_api import Page, Route

from tests.browser.people import People
from tests.browser.test_check_computer import result

pytestmark = [pytest.mark.real("Chromium"), pytest.mark.timeout(300)]


def stops(page: Page, those: Collection[int]) -> list[int]:
    """A filter that answers those files itself, by their turn; returns the turns it saw."""
    seen: list[int] = []

    def judge(route: Route) -> None:
        seen.append(len(seen) + 1)
        if seen[-1] in those:
            route.fulfill(body="<p>Blocked</p>")
        else:
            route.continue_()

    page.route("**/check/sent", judge)
    # What is held up on its way is held by the browser's driver, which is slow with large bodies.
    page.locator("[data-check-largest]").evaluate("each => { each.dataset.checkLimit = 16777216 }")
    return seen


def tried(page: Page) -> str:
    """What is said in the end."""
    page.get_by_role("button", name="Try the largest size").click()
    page.wait_for_function(
        """() => {
          const status = document.querySelector('[data-check-largest-status]')
          return !status.hidden && !status.querySelector('progress') && status.textContent !== ''
        }""",
        timeout=120_000,
    )
    return page.locator("[data-check-largest-status]").inner_text()


def test_the_largest_comes_through(people: Callable[..., People]) -> None:
    someone = people().visitor("anybody")
    someone.go("/check")
    page = someone.page
    assert "A file of 50 MB came here whole" in tried(page)
    assert result(page, "sent") == "Works"
    assert "- Sending a file: Works." in page.get_by_label("The note").input_value()
    someone.go("/check")
    assert result(page, "sent") == "Works"


def test_what_is_stopped_is_told_with_what_comes_through(people: Callable[..., People]) -> None:
    someone = people().visitor("anybody")
    someone.go("/check")
    page = someone.page
    # The second is of one byte, to see whether it is the portal that refuses.
    turns = stops(page, {1, 3, 4})
    said = tried(page)
    assert "A file of 4 MB was stopped" in said
    assert "came through was of 1 MB" in said
    assert turns == [1, 2, 3, 4, 5]
    assert result(page, "sent") == "Does not work"
    assert said in page.get_by_label("The note").input_value()


def test_where_nothing_comes_through_that_is_said(people: Callable[..., People]) -> None:
    someone = people().visitor("anybody")
    someone.go("/check")
    stops(someone.page, range(1, 10))
    assert "No file came through, not even one of 1 MB" in tried(someone.page)


def test_whoever_tried_too_often_is_told_so_and_not_that_a_filter_did_it(
    people: Callable[..., People],
) -> None:
    someone = people().visitor("anybody")
    # A page that was asked for may be refused without a complaint.
    someone.go("/check/sent")
    someone.go("/check")
    stops(someone.page, ())
    someone.page.route("**/check/sent", lambda route: route.fulfill(status=429, body=""))
    assert "Try again in ten minutes" in tried(someone.page)
    assert result(someone.page, "sent") == "Not checked yet"


def test_without_scripts_no_button_promises_it(people: Callable[..., People]) -> None:
    someone = people(javascript=False).visitor("anybody")
    someone.go("/check")
    for name in ("Try the largest size", "Copy the note"):
        assert not someone.page.get_by_role("button", name=name).is_visible(), name
    someone.sees("of at most 50 MB")
