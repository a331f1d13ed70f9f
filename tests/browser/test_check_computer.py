"""Check this computer, by whoever was invited: with scripts and without, and on a bad day."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote

import pytest
from playwright.sync_api import Page

from tests.browser.authenticator import Authenticator
from tests.browser.people import People
from tests.browser.visitor import saved

pytestmark = [pytest.mark.real("Chromium"), pytest.mark.timeout(300)]

DONE = "The checks that need no help are done."


def result(page: Page, check: str) -> str:
    """The word of a check's light."""
    return page.locator(f"[data-check={check}] .govuk-tag").inner_text()


def all_done(page: Page) -> None:
    page.wait_for_function(
        "said => document.querySelector('[data-check-said]').textContent === said", arg=DONE
    )


@pytest.mark.parametrize("javascript", [True, False], ids=["with-javascript", "without"])
def test_a_paper_goes_there_and_back(
    people: Callable[..., People], tmp_path: Path, javascript: bool
) -> None:
    someone = people(javascript=javascript).visitor("anybody")
    someone.go("/sign-in")
    someone.follow("Check this computer")
    page = someone.page
    assert result(page, "cookies") == "Works"
    if javascript:
        all_done(page)
    else:
        assert result(page, "scripts") == "Not checked yet"
        assert result(page, "clock") == "Compare"
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Save the sample paper").click()
    file = tmp_path / "sample-paper.pdf"
    file.write_bytes(saved(waiting.value))
    someone.tick("It was saved and opened")
    someone.press("Note what happened")
    someone.sees("That is not the word.")
    someone.fill("The large word in it, if it opened", "heron")
    someone.press("Note what happened")
    someone.attach("The sample paper", file)
    someone.press("Send it")
    assert [result(page, each) for each in ("saved", "opened", "sent")] == ["Works"] * 3
    note = page.get_by_label("The note").input_value()
    assert "- Sending a file: Works." in note
    assert note.startswith("What computers need")


def test_what_a_script_can_find_out_is_found_out(people: Callable[..., People]) -> None:
    everybody = people()
    someone = everybody.visitor("anybody")
    Authenticator(someone.page, prf=True)
    someone.page.clock.install(time=everybody.town.clock.now())
    someone.go("/check")
    all_done(someone.page)
    found = {key: result(someone.page, key) for key in ("scripts", "unaltered", "passkeys")}
    assert set(found.values()) == {"Works"}, found
    note = someone.page.get_by_label("The note").input_value()
    assert "- Passkeys: Works. This computer can make a passkey." in note
    letter = someone.page.get_by_role("link", name="Write a mail").get_attribute("href") or ""
    assert unquote(letter).endswith(note)


def test_what_does_not_work_is_told_and_stands_in_the_note(people: Callable[..., People]) -> None:
    someone = people().visitor("anybody")
    page = someone.page
    # A filter that cuts what it does not like, and a computer whose clock and passkeys are none.
    page.route("**/check/sample-paper.pdf", lambda route: route.fulfill(body="blocked"))
    page.add_init_script("delete window.PublicKeyCredential")
    someone.go("/check")
    all_done(page)
    assert result(page, "unaltered") == "Does not work"
    assert result(page, "passkeys") == "Does not work"
    # The town lives in May 2026, this computer does not.
    assert result(page, "clock") == "Does not work"
    someone.sees("minutes wrong")
    someone.does_not_see("[minutes]")
    note = page.get_by_label("The note").input_value()
    assert "- Files come unaltered: Does not work." in note


def test_the_clock_of_this_computer_is_held_against_the_portals(
    people: Callable[..., People],
) -> None:
    everybody = people()
    someone = everybody.visitor("anybody")
    someone.go("/check")
    all_done(someone.page)
    now = someone.page.evaluate("() => Date.now() / 1000")
    everybody.town.later(seconds=now - everybody.town.clock.now().timestamp())
    someone.go("/check")
    all_done(someone.page)
    assert result(someone.page, "clock") == "Works"


def test_an_invitation_tells_where_to_check(people: Callable[..., People]) -> None:
    someone = people().visitor("anybody")
    texts = (Path(__file__).resolve().parents[2] / "templates" / "notices").glob("invited_*.txt")
    assert {text.name for text in texts if "$check" in text.read_text("ascii")} == {
        "invited_to_join.txt",
        "invited_to_meeting.txt",
    }
    assert someone.go("/check") == 200
