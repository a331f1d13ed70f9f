"""Whoever locks one tab, or signs out in it, leaves nothing to be seen in the others."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.pages.unit import Unit
from tests.browser.people import People

pytestmark = [
    pytest.mark.real("Chromium"),
    pytest.mark.real("independent TOTP"),
    pytest.mark.timeout(600),
]

INVITE = "/unit/people/invite"
NAME = "Nia Prosser"
SAY = "word => { const tabs = new BroadcastChannel('portal-use'); tabs.postMessage(word) }"


def with_two_tabs(people: Callable[..., People]) -> tuple[Unit, Page, Page]:
    """Helen at the list of people; beside it a form that she has begun, and another page."""
    helen = people().at(Unit, "helen")
    helen.signs_in("/unit/people/")
    begun, other = (helen.at.page.context.new_page() for _ in range(2))
    begun.goto(helen.at.address + INVITE)
    begun.get_by_label("Name", exact=True).fill(NAME)
    other.goto(helen.at.address + "/account/")
    return helen, begun, other


def heading(page: Page, words: str) -> None:
    page.get_by_role("heading", level=1, name=words).wait_for()


def test_all_tabs_lock_and_what_was_typed_is_kept(people: Callable[..., People]) -> None:
    helen, begun, other = with_two_tabs(people)
    helen.at.press("Lock the screen")
    heading(begun, "Your screen is locked")
    heading(other, "Your screen is locked")
    assert begun.url.endswith(f"/locked?next={INVITE}")
    begun.get_by_label("Passphrase", exact=True).fill(helen.persona.passphrase)
    begun.get_by_role("button", name="Unlock").click()
    begun.get_by_text("We kept what you typed").wait_for()
    assert begun.get_by_label("Name", exact=True).input_value() == NAME


def test_all_tabs_leave_when_one_signs_out(people: Callable[..., People]) -> None:
    helen, begun, other = with_two_tabs(people)
    helen.signs_out()
    heading(begun, "Sign in")
    heading(other, "Sign in")


def test_a_word_that_was_made_up_costs_nothing(people: Callable[..., People]) -> None:
    helen, begun, other = with_two_tabs(people)
    begun.close()
    other.evaluate(SAY, "something else")
    other.evaluate(SAY, "closed")
    helen.at.page.wait_for_timeout(1_000)
    heading(helen.at.page, "People")
    assert helen.at.page.url.endswith("/unit/people/")
