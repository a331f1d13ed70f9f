"""A passkey unlocks a screen, and confirms one act in the place of an unused code; and what must
not count for either. With and without its pseudo-random function, and by keyboard alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from portal.journeys.signing_in.recall import IDLE
from portal.journeys.signing_in.touch import LASTS
from portal.records import people as people_on_record
from portal.records.database import reading
from tests.browser.authenticator import Authenticator
from tests.browser.pages.account import CODE
from tests.browser.pages.disclosing import WEIGHED, Decider
from tests.browser.pages.reader import Reader
from tests.browser.pages.sender import Sender
from tests.browser.people import People
from tests.browser.test_keyboard import arrive, go_to
from tests.browser.test_passkeys import adds_a_passkey, gives_passphrase, kept_by, sends, touches

pytestmark = [
    pytest.mark.real("Chromium"),
    pytest.mark.real("independent TOTP"),
    pytest.mark.timeout(600),
]

CASE = "NM/2026/021"
UNLOCK = "Unlock with a passkey"
INSTEAD = "Use a passkey instead of a code"
MEANWHILE = "To see whether it counts."


def at_a_locked_screen(people: Callable[..., People], *, prf: bool) -> tuple[Reader, Authenticator]:
    """Carys, with a passkey, back at her desk after half an hour."""
    carys = people().at(Reader, "carys")
    device = Authenticator(carys.at.page, prf=prf)
    carys.signs_in()
    adds_a_passkey(carys)
    carys.town.later(minutes=IDLE.total_seconds() / 60)
    carys.at.go("/account/codes?x=1")
    assert carys.at.heading() == "Your screen is locked"
    return carys, device


def test_a_touch_unlocks_the_screen_where_it_was_by_keyboard(
    people: Callable[..., People],
) -> None:
    carys, _device = at_a_locked_screen(people, prf=True)
    carys.at.go("/locked?next=/practice")
    go_to(carys.at.page, UNLOCK)
    carys.at.page.keyboard.press("Enter")
    arrive(carys.at.page, "Practice paper")
    # What is sealed to her key opens: the keyring came back from the passkey alone.
    assert carys.at.save("Open the practice paper").startswith(b"%PDF-")


def test_without_the_function_only_the_passphrase_unlocks(people: Callable[..., People]) -> None:
    carys, _device = at_a_locked_screen(people, prf=False)
    assert not carys.at.has_button(UNLOCK)
    carys.at.fill("Passphrase", carys.persona.passphrase)
    carys.at.press("Unlock")
    assert carys.at.heading() != "Your screen is locked"


def test_what_must_not_unlock_a_screen(people: Callable[..., People]) -> None:
    carys, _device = at_a_locked_screen(people, prf=True)
    page = carys.at.page
    here = page.url.split("/locked")[0]
    for wrong in ("", "A" * 43, "!!"):
        carys.at.go("/locked")
        fields = {**kept_by(page, UNLOCK), "prf": wrong}
        answer = page.request.post(f"{here}/locked/passkey", form=fields, headers={"Origin": here})
        assert "That passkey does not open this" in answer.text()


def test_an_unlocking_touch_signs_nobody_in(people: Callable[..., People]) -> None:
    carys, _device = at_a_locked_screen(people, prf=True)
    carys.at.go("/locked")
    fields = kept_by(carys.at.page, UNLOCK)
    carys.at.page.context.clear_cookies(name="portal")
    carys.at.go("/sign-in")
    assert sends(carys.at.page, fields).endswith("/sign-in/passkey")


def to_send(people: Callable[..., People], *, prf: bool = True) -> tuple[Sender, Authenticator]:
    """Helen, with a passkey, before the page that sends a pack."""
    helen = people().at(Sender, "helen")
    device = Authenticator(helen.at.page, prf=prf)
    helen.signs_in("/unit/")
    adds_a_passkey(Reader(helen.at, helen.town, helen.persona))
    helen.goes_to_the_case_at_its_meeting(CASE)
    helen.at.follow("Arrange and send the pack")
    helen.checks_who_gets_it()
    return helen, device


def gives_a_reason(helen: Sender) -> None:
    if helen.at.page.get_by_label("Why you send it all the same").count():
        helen.at.fill("Why you send it all the same", MEANWHILE)


@pytest.mark.parametrize("prf", [True, False], ids=["prf", "no-prf"])
def test_a_pack_is_sent_with_a_touch_by_keyboard(people: Callable[..., People], prf: bool) -> None:
    helen, _device = to_send(people, prf=prf)
    gives_a_reason(helen)
    go_to(helen.at.page, INSTEAD)
    with helen.at.page.expect_navigation():
        helen.at.page.keyboard.press("Enter")
    helen.at.arrived()
    helen.at.sees("The pack is sent.")


def test_a_device_that_does_not_verify_its_user_sends_nothing(
    people: Callable[..., People],
) -> None:
    helen, device = to_send(people)
    gives_a_reason(helen)
    device.does_not_verify()
    helen.at.page.get_by_role("button", name=INSTEAD).click()
    helen.at.page.wait_for_selector("text=This device did not answer. Try again, or type a code.")
    helen.at.does_not_see("The pack is sent.")


def answered(page: Page) -> dict[str, str]:
    """What the form would send once touched; it is held back."""
    return kept_by(page, INSTEAD)


def posted(helen: Sender, fields: dict[str, str]) -> str:
    here = helen.at.page.url
    origin = helen.at.address
    answer = helen.at.page.request.post(here, form=fields, headers={"Origin": origin})
    return answer.text()


def test_a_touch_is_for_what_the_page_showed_once_and_for_half_an_hour(
    people: Callable[..., People],
) -> None:
    helen, _device = to_send(people)
    gives_a_reason(helen)
    page, here = helen.at.page, helen.at.page.url
    fields = answered(page)
    altered = "0" * len(fields["digest"])
    assert "The pack is sent." not in posted(helen, {**fields, "digest": altered})
    helen.town.later(minutes=LASTS.total_seconds() / 60 - 10)
    helen.at.go("/account/")
    helen.town.later(minutes=11)
    helen.at.go(here)
    assert "does not count here" in posted(helen, fields)
    gives_a_reason(helen)
    fields = answered(page)
    assert "The pack is sent." in posted(helen, fields)
    helen.at.go(here)
    again = {**fields, "digest": page.locator("[name=digest]").input_value()}
    assert "The pack is sent." not in posted(helen, again)


def test_a_touch_for_signing_in_or_for_another_form_confirms_nothing(
    people: Callable[..., People],
) -> None:
    helen, _device = to_send(people)
    send = helen.at.page.url
    gives_a_reason(helen)
    fields = answered(helen.at.page)
    helen.at.go("/unit/disclosures/")
    decider = Decider(helen.at, helen.town, helen.persona)
    decider.goes_to_the_request("Ruth Bannerman", "Grace Oduya")
    helen.at.follow_button("Refuse")
    other = answered(helen.at.page)
    helen.at.go(send)
    assert "does not count here" in posted(helen, {**fields, "passkey": other["passkey"]})
    for nonsense in ("{}", "x" * 30_000, "[]", "null", '{"response": {}}'):
        assert "does not count here" in posted(helen, {**fields, "passkey": nonsense})


def test_anothers_touch_confirms_nothing(people: Callable[..., People]) -> None:
    everybody = people()
    helen, _device = to_send(lambda: everybody)
    gives_a_reason(helen)
    fields = answered(helen.at.page)
    tom = everybody.at(Sender, "tom")
    tom.signs_in("/unit/")
    tom.at.go(helen.at.page.url)
    assert not tom.at.has_button(INSTEAD)
    fields["csrf_token"] = tom.at.page.locator("[name=csrf_token]").first.input_value()
    assert "does not count here" in posted(tom, fields)


def test_a_disclosure_is_decided_with_a_touch(people: Callable[..., People]) -> None:
    helen, _device = to_send(people)
    decider = Decider(helen.at, helen.town, helen.persona)
    decider.goes_to_the_request("Ruth Bannerman", "Grace Oduya")
    helen.at.follow_button("Refuse")
    for label, text in WEIGHED.items():
        helen.at.fill(label, text)
    helen.at.tick("Not asked: the statement leaves the decision to the co-ordinator")
    touches(helen.at.page, INSTEAD)
    helen.at.sees("Your decision has been recorded")


def test_somebody_is_vouched_for_with_a_touch(people: Callable[..., People]) -> None:
    everybody = people()
    helen, _device = to_send(lambda: everybody)
    everybody.town.later(hours=8 * 24 + 23)
    carys = everybody.at(Reader, "carys")
    gives_passphrase(carys)
    carys.at.go("/sign-in/no-code/?next=/practice")
    spoken = carys.at.page.locator(".portal-spoken").inner_text()
    with reading(everybody.town._wired.house.engine) as db:
        person = people_on_record.by_email(db, carys.persona.email)
    assert person is not None
    helen.signs_in(f"/unit/people/{person.id}/vouch")
    helen.at.fill("The four words", spoken)
    touches(helen.at.page, INSTEAD)
    carys.at.press("They have typed the words")
    assert carys.at.heading() == "Practice paper"


def test_without_scripts_and_without_a_passkey_nothing_is_offered(
    people: Callable[..., People],
) -> None:
    helen = people(javascript=False).at(Sender, "helen")
    helen.signs_in("/unit/")
    helen.goes_to_the_case_at_its_meeting(CASE)
    helen.at.follow("Arrange and send the pack")
    helen.checks_who_gets_it()
    assert not helen.at.has_button(INSTEAD)
    gives_a_reason(helen)
    helen.at.give_code(CODE, helen.code())
    helen.at.press("Send the pack")
    helen.at.sees("The pack is sent.")
