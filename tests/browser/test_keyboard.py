"""The attendee's journey by keyboard: every stop is reached, seen, and in a sensible order."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.pages.reader import Reader
from tests.browser.people import People
from tests.browser.reading import read
from tests.browser.visitor import saved

REFERENCE = "NM/2026/021"
MOST_STOPS = 40

WHERE = """() => {
  const e = document.activeElement;
  const label = e.labels && e.labels.length ? e.labels[0].innerText : '';
  return {words: (label || e.innerText || e.value || '').replace(/\\s+/g, ' ').trim(),
          outline: getComputedStyle(e).outlineStyle,
          shadow: getComputedStyle(e).boxShadow,
          label: e.labels && e.labels.length ? getComputedStyle(e.labels[0], '::before').boxShadow
                                             : 'none'};
}"""


def go_to(page: Page, words: str) -> None:
    """Press Tab until the stop with these words has the focus; each stop shows that it has it."""
    passed = []
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        stop = page.evaluate(WHERE)
        if stop["words"].startswith(words):
            seen = (stop["outline"], stop["shadow"], stop["label"])
            assert any(each != "none" for each in seen), f"no sign of the focus at {words}"
            return
        passed.append(stop["words"])
    raise AssertionError(f"{words} is not reached by Tab: {passed}")


def arrive(page: Page, heading: str) -> None:
    """Wait for the page with this heading."""
    page.get_by_role("heading", name=heading, level=1, exact=True).wait_for()
    page.wait_for_load_state()


@pytest.mark.real("Chromium")
@pytest.mark.real("independent TOTP")
@pytest.mark.parametrize("javascript", [True, False], ids=["with-javascript", "without"])
def test_an_attendee_opens_a_pack_without_a_mouse(
    people: Callable[..., People], javascript: bool
) -> None:
    mark = people(javascript=javascript).at(Reader, "mark")
    page, keys = mark.at.page, mark.at.page.keyboard
    mark.at.go("/")
    go_to(page, "E-mail address")
    keys.type(mark.persona.email)
    go_to(page, "Passphrase")
    keys.type(mark.persona.passphrase)
    keys.press("Enter")
    arrive(page, "Confirm it's you")
    go_to(page, "Code from your code app")
    keys.type(mark.code())
    keys.press("Enter")
    arrive(page, "What waits for you")
    go_to(page, f"Pack to read {REFERENCE}")
    keys.press("Enter")
    arrive(page, "Confidentiality statement")
    go_to(page, "I agree")
    keys.press("Space")
    go_to(page, "Continue")
    keys.press("Enter")
    arrive(page, "Meeting pack")
    go_to(page, "Download the pack")
    with page.expect_download() as waiting:
        keys.press("Enter")
    assert "Mark Ellison" in read(saved(waiting.value)).text


@pytest.mark.real("Chromium")
def test_the_first_stop_leads_past_the_head_of_the_page(people: Callable[..., People]) -> None:
    visitor = people().visitor("anybody")
    visitor.go("/sign-in")
    visitor.page.keyboard.press("Tab")
    assert visitor.page.evaluate(WHERE)["words"] == "Skip to main content"
    visitor.page.keyboard.press("Enter")
    visitor.page.wait_for_url("**/sign-in#main-content")


@pytest.mark.real("Chromium")
def test_what_is_wrong_is_told_first_and_leads_to_the_field(people: Callable[..., People]) -> None:
    visitor = people().visitor("anybody")
    visitor.go("/sign-in")
    visitor.press("Continue")
    assert visitor.page.title().startswith("Error: ")
    summary = visitor.page.locator(".govuk-error-summary")
    assert summary.evaluate("e => e === document.activeElement")
    summary.get_by_role("link", name="Enter your e-mail address.").click()
    assert visitor.page.evaluate(WHERE)["words"] == "E-mail address"
