"""A form that was typed is there again, also after a sign-out in another tab."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import pytest

from tests.browser.pages.account import CODE
from tests.browser.pages.unit import Unit
from tests.browser.people import People

REASON = "Advises on what would raise the risk, and can offer treatment from June."


@pytest.mark.real("Chromium")
@pytest.mark.real("independent TOTP")
@pytest.mark.parametrize("javascript", [True, False], ids=["with-javascript", "without"])
def test_what_was_typed_is_there_after_signing_in_again(
    people: Callable[..., People], javascript: bool
) -> None:
    priya = people(javascript=javascript).at(Unit, "priya")
    priya.signs_in("/unit/")
    priya.goes_to_the_case_at_its_meeting("NM/2026/033")
    priya.at.follow("Invite somebody")
    priya.at.choose("Who", "Grace Oduya")
    priya.at.tick("Specialist adviser")
    priya.at.fill("Why they are invited", REASON)

    other_tab = priya.at.page.context.new_page()
    other_tab.goto(priya.at.address + "/unit/")
    other_tab.get_by_role("button", name="Sign out").click()
    other_tab.wait_for_url("**/signed-out")
    other_tab.close()

    if javascript:
        priya.at.page.get_by_role("heading", level=1, name="Sign in").wait_for()
    else:
        priya.at.press("Invite")
    assert priya.at.heading() == "Sign in"
    priya.at.fill("E-mail address", priya.persona.email)
    priya.at.fill("Passphrase", priya.persona.passphrase)
    priya.at.press("Continue")
    priya.at.give_code(CODE, priya.code())
    priya.at.press("Continue")
    assert priya.at.heading() == "Invite somebody"
    priya.at.sees("We kept what you typed. Check it, then send it again.")
    assert priya.at.page.get_by_label("Why they are invited").input_value() == REASON
    assert priya.at.page.get_by_label("Specialist adviser").is_checked()
    priya.at.press("Invite")
    priya.at.sees("The invitation is sent.", "Grace Oduya")


@pytest.mark.real("Chromium")
@pytest.mark.real("independent TOTP")
def test_a_wrong_field_leaves_the_others_as_they_were_typed(people: Callable[..., People]) -> None:
    priya = people().at(Unit, "priya")
    priya.signs_in("/unit/")
    priya.opens_a_case(
        "NM/2026/014", "Northmere Police", "Category 3", "Level 2", "Ann Other", date(1990, 1, 2)
    )
    priya.at.sees("There is a problem")
    assert priya.at.page.get_by_label("Name of the individual").input_value() == "Ann Other"
    assert priya.at.page.get_by_label("Category 3").is_checked()
    assert priya.at.page.get_by_label("Year").input_value() == "1990"


@pytest.mark.real("Chromium")
@pytest.mark.real("independent TOTP")
def test_a_screen_that_nobody_used_locks_and_opens_again_where_it_was(
    people: Callable[..., People],
) -> None:
    priya = people().at(Unit, "priya")
    priya.signs_in("/unit/")
    priya.at.page.clock.install()
    priya.goes_to_the_case_at_its_meeting("NM/2026/033")
    priya.at.follow("Invite somebody")
    priya.at.choose("Who", "Grace Oduya")
    priya.at.fill("Why they are invited", REASON)
    priya.at.page.clock.fast_forward(20 * 60 * 1000)
    other_tab = priya.at.page.context.new_page()
    other_tab.goto(priya.at.address + "/unit/")
    priya.at.page.clock.fast_forward(20 * 60 * 1000)
    assert priya.at.heading() == "Invite somebody", "another tab was in use meanwhile"
    other_tab.close()
    priya.at.page.clock.fast_forward(30 * 60 * 1000)
    priya.at.page.wait_for_url(re.compile(r"/locked\?next="))
    assert priya.at.heading() == "Your screen is locked"
    priya.at.fill("Passphrase", priya.persona.passphrase)
    priya.at.press("Unlock")
    assert priya.at.heading() == "Invite somebody"
    assert priya.at.page.get_by_label("Why they are invited").input_value() == REASON


@pytest.mark.real("Chromium")
@pytest.mark.real("independent TOTP")
def test_the_lock_button_needs_no_script(people: Callable[..., People]) -> None:
    priya = people(javascript=False).at(Unit, "priya")
    priya.signs_in("/unit/people/")
    priya.at.press("Lock the screen")
    assert priya.at.heading() == "Your screen is locked"
    priya.at.fill("Passphrase", "not the passphrase at all")
    priya.at.press("Unlock")
    priya.at.sees("That passphrase is not right.")
    priya.at.fill("Passphrase", priya.persona.passphrase)
    priya.at.press("Unlock")
    assert priya.at.heading() == "People"
