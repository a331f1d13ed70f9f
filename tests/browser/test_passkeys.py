"""Passkeys, with Chromium's virtual authenticator: one touch, and what must not count."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from portal.journeys.deed import tending
from portal.records import passkeys
from tests.browser.authenticator import Authenticator
from tests.browser.northmere import Town
from tests.browser.pages.account import CODE
from tests.browser.pages.reader import Reader
from tests.browser.people import People

pytestmark = [
    pytest.mark.real("Chromium"),
    pytest.mark.real("independent TOTP"),
    pytest.mark.timeout(600),
]

BY_ITSELF = "Sign in with a passkey"
INSTEAD = "Use a passkey instead"


def adds_a_passkey(reader: Reader, name: str = "Office laptop") -> None:
    """Made and tried, with the device that is at hand."""
    reader.at.go("/account/passkeys/add")
    reader.at.fill("What will you call it?", name)
    reader.at.give_code(CODE, reader.code())
    reader.at.press("Continue")
    with reader.at.page.expect_navigation():
        reader.at.page.get_by_role("button", name="Make the passkey").click()
    reader.at.page.wait_for_selector("text=Now try it")
    with reader.at.page.expect_navigation(url="**/account/"):
        reader.at.page.get_by_role("button", name="Try the passkey").click()


def touches(page: Page, button: str) -> None:
    """Press a button that a passkey answers, and see the next page."""
    with page.expect_navigation():
        page.get_by_role("button", name=button).click()
    page.wait_for_load_state()


def gives_passphrase(reader: Reader) -> None:
    reader.at.go("/sign-in")
    reader.at.fill("E-mail address", reader.persona.email)
    reader.at.fill("Passphrase", reader.persona.passphrase)
    reader.at.press("Continue")


def with_passkey(people: Callable[..., People], *, prf: bool) -> tuple[Reader, Authenticator]:
    """Carys, signed out, with a passkey on her computer."""
    carys = people().at(Reader, "carys")
    device = Authenticator(carys.at.page, prf=prf)
    carys.signs_in()
    adds_a_passkey(carys)
    return carys, device


HOLD = """() => {
  HTMLFormElement.prototype.submit = function () {
    window.held = Object.fromEntries(new FormData(this))
  }
}"""


def kept_by(page: Page, button: str) -> dict[str, str]:
    """What the form of this button would send; it is held back."""
    page.evaluate(HOLD)
    page.get_by_role("button", name=button).click()
    for _ in range(600):
        held = page.evaluate("() => window.held")
        if held:
            return {str(name): str(value) for name, value in held.items()}
        page.wait_for_timeout(50)
    raise AssertionError("the passkey did not answer")


def sends(page: Page, fields: dict[str, str], path: str = "/sign-in/passkey") -> str:
    """Send such a form by hand, from this browser; returns where it ends."""
    answer = page.request.post(
        page.url.split("/sign-in")[0] + path,
        form=fields,
        headers={"Origin": page.url.split("/sign-in")[0]},
    )
    assert answer.status == 200, "the form itself was taken"
    return answer.url.partition("?")[0]


def test_one_touch_signs_in_and_opens_papers(people: Callable[..., People]) -> None:
    carys, device = with_passkey(people, prf=True)
    carys.at.sees("with one touch you sign in", "Office laptop")
    assert len(device.passkeys()) == 1
    carys.signs_out()
    carys.at.go("/sign-in?next=/practice")
    touches(carys.at.page, BY_ITSELF)
    assert carys.at.heading() == "Practice paper"
    # What is sealed to her key opens: the keyring came from the passkey alone.
    assert carys.at.save("Open the practice paper").startswith(b"%PDF-")


def test_without_the_function_it_stands_in_place_of_a_code(people: Callable[..., People]) -> None:
    carys, _device = with_passkey(people, prf=False)
    carys.at.sees("You still need your passphrase")
    carys.signs_out()
    carys.at.go("/sign-in")
    touches(carys.at.page, BY_ITSELF)
    carys.at.sees("That passkey did not sign you in")
    gives_passphrase(carys)
    touches(carys.at.page, INSTEAD)
    assert carys.at.heading() not in ("Sign in", "Confirm it's you")
    carys.at.go("/account/")
    carys.at.sees("Office laptop")


def test_it_is_never_the_only_factor(people: Callable[..., People]) -> None:
    carys, _device = with_passkey(people, prf=True)
    row = carys.at.row("Code app")
    row.get_by_role("link").last.click()
    carys.at.give_code(CODE, carys.code())
    carys.at.press("Take it away")
    carys.at.sees("This is the last one you have")


def test_what_was_taken_away_opens_nothing(people: Callable[..., People]) -> None:
    carys, _device = with_passkey(people, prf=True)
    carys.at.row("Office laptop").get_by_role("link").last.click()
    carys.at.give_code(CODE, carys.code())
    carys.at.press("Take it away")
    carys.signs_out()
    carys.at.go("/sign-in")
    touches(carys.at.page, BY_ITSELF)
    carys.at.sees("That passkey did not sign you in")


def test_a_device_that_does_not_verify_its_user_is_refused(people: Callable[..., People]) -> None:
    carys, device = with_passkey(people, prf=True)
    carys.signs_out()
    device.does_not_verify()
    carys.at.go("/sign-in")
    carys.at.page.get_by_role("button", name=BY_ITSELF).click()
    carys.at.page.wait_for_selector("text=This device did not answer")
    assert carys.at.heading() == "Sign in"


def test_an_answer_counts_once(people: Callable[..., People]) -> None:
    carys, _device = with_passkey(people, prf=True)
    carys.signs_out()
    carys.at.go("/sign-in")
    page = carys.at.page
    fields = kept_by(page, BY_ITSELF)
    assert page.context.browser is not None
    # The same browser with the same cookies, as it was before the answer was sent.
    before = page.context.browser.new_context(storage_state=page.context.storage_state())
    assert "/sign-in" not in sends(page, fields)
    again = before.request.post(f"{carys.at.address}/sign-in/passkey", form=fields)
    assert again.status == 200
    assert again.url.endswith("/sign-in/passkey")
    before.close()


def test_a_challenge_is_bound_to_its_browser(people: Callable[..., People]) -> None:
    carys, _device = with_passkey(people, prf=True)
    carys.signs_out()
    carys.at.go("/sign-in")
    fields = kept_by(carys.at.page, BY_ITSELF)
    thief = people().visitor("thief").page
    thief.goto(carys.at.address + "/sign-in")
    fields["csrf_token"] = thief.locator("[name=csrf_token]").first.input_value()
    assert sends(thief, fields).endswith("/sign-in/passkey")


@pytest.mark.parametrize("part", ["origin", "type", "challenge", "signature", "crossOrigin"])
def test_an_altered_answer_is_refused(people: Callable[..., People], part: str) -> None:
    carys, _device = with_passkey(people, prf=True)
    carys.signs_out()
    carys.at.go("/sign-in")
    fields = kept_by(carys.at.page, BY_ITSELF)
    told = json.loads(fields["answer"])
    if part == "signature":
        told["response"]["signature"] = told["response"]["signature"][:-6] + "AAAAAA"
    else:
        from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

        client = json.loads(base64url_to_bytes(told["response"]["clientDataJSON"]))
        client[part] = {"origin": "https://portal.invalid", "type": "webauthn.create",
                        "challenge": "AAAA", "crossOrigin": True}[part]  # fmt: skip
        told["response"]["clientDataJSON"] = bytes_to_base64url(json.dumps(client).encode())
    fields["answer"] = json.dumps(told)
    assert sends(carys.at.page, fields).endswith("/sign-in/passkey")


def test_the_wrong_answer_of_the_function_opens_nothing(people: Callable[..., People]) -> None:
    carys, _device = with_passkey(people, prf=True)
    carys.signs_out()
    for wrong in ("", "A" * 43, "AAAA", "!!", "A" * 5000):
        carys.at.go("/sign-in")
        fields = {**kept_by(carys.at.page, BY_ITSELF), "prf": wrong}
        assert sends(carys.at.page, fields).endswith("/sign-in/passkey")


def test_an_older_copy_of_the_device_is_refused(people: Callable[..., People]) -> None:
    carys, device = with_passkey(people, prf=True)
    carys.signs_out()
    carys.at.go("/sign-in")
    touches(carys.at.page, BY_ITSELF)
    carys.signs_out()
    device.set_count(1)
    carys.at.go("/sign-in")
    touches(carys.at.page, BY_ITSELF)
    carys.at.sees("That passkey did not sign you in")


def test_anothers_passkey_is_no_second_factor(people: Callable[..., People]) -> None:
    everybody = people()
    carys = everybody.at(Reader, "carys")
    Authenticator(carys.at.page, prf=True)
    carys.signs_in()
    adds_a_passkey(carys)
    carys.signs_out()
    mark = everybody.at(Reader, "mark")
    gives_passphrase(mark)
    assert not mark.at.has_button(INSTEAD)
    carys.at.go("/sign-in")
    fields = kept_by(carys.at.page, BY_ITSELF)
    fields["csrf_token"] = mark.at.page.locator("[name=csrf_token]").first.input_value()
    assert sends(mark.at.page, fields, "/sign-in/code/passkey").endswith("/passkey")


@pytest.mark.parametrize("column", ["sealed", "recipient", "signature", "public_key", "person_id"])
def test_a_row_that_somebody_changed_is_refused(
    people: Callable[..., People], town: Town, column: str
) -> None:
    carys, _device = with_passkey(people, prf=True)
    carys.signs_out()
    house = town._wired.house
    with tending(house) as db:
        other = (
            db.exec_driver_sql("SELECT id FROM people WHERE email != ?", (carys.persona.email,))
            .scalars()
            .first()
        )
        value: object = other if column == "person_id" else b"\0" * 64
        db.execute(passkeys.passkeys.update().values(**{column: value}))
    carys.at.go("/sign-in")
    touches(carys.at.page, BY_ITSELF)
    assert carys.at.heading() == "Sign in", carys.at.said()


def test_a_trial_that_fails_keeps_nothing(people: Callable[..., People]) -> None:
    carys = people().at(Reader, "carys")
    device = Authenticator(carys.at.page, prf=True)
    carys.signs_in("/account/passkeys/add")
    carys.at.fill("What will you call it?", "Office laptop")
    carys.at.give_code(CODE, carys.code())
    carys.at.press("Continue")
    with carys.at.page.expect_navigation():
        carys.at.page.get_by_role("button", name="Make the passkey").click()
    carys.at.page.wait_for_selector("text=Now try it")
    device.does_not_verify()
    carys.at.page.get_by_role("button", name="Try the passkey").click()
    carys.at.page.wait_for_selector("text=This device did not answer")
    carys.at.go("/account/")
    carys.at.does_not_see("Office laptop")


def test_without_scripts_nothing_is_offered(people: Callable[..., People]) -> None:
    carys = people(javascript=False).at(Reader, "carys")
    carys.at.go("/sign-in")
    assert not carys.at.page.get_by_role("button", name=BY_ITSELF).is_visible()
    carys.signs_in("/account/passkeys/add")
    carys.at.fill("What will you call it?", "Office laptop")
    carys.at.give_code(CODE, carys.code())
    carys.at.press("Continue")
    carys.at.press("Make the passkey")
    carys.at.sees("That did not work on this device")


def test_the_answer_of_the_function_is_in_no_other_field(people: Callable[..., People]) -> None:
    carys, _device = with_passkey(people, prf=True)
    carys.signs_out()
    carys.at.go("/sign-in")
    fields = kept_by(carys.at.page, BY_ITSELF)
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}", fields["prf"])
    assert fields["prf"] not in fields["answer"]
    assert "clientExtensionResults" not in fields["answer"]
