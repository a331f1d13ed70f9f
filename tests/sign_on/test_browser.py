"""Single sign-on in a real browser, against a real provider: with scripts, and without."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page

from portal.journeys.agencies.record_provider import NewSettings, open_provider, record_provider
from tests.browser.authenticator import Authenticator
from tests.browser.budgets import within
from tests.browser.visitor import Looks, Visitor, saved
from tests.real.browser import OpenPage
from tests.real.oidc import CLIENT_ID, SECRET
from tests.sign_on.making import ACR
from tests.sign_on.served import Served

pytestmark = [pytest.mark.real("OpenID provider"), pytest.mark.real("Chromium")]


@dataclass(frozen=True)
class Somebody:
    """Whoever sits at a browser whose pages are counted."""

    at: Visitor


@pytest.mark.parametrize("javascript", [True, False], ids=["with-javascript", "without"])
def test_from_the_trial_to_signing_out(
    served: Served, open_page: OpenPage, axe: Callable[[Page], None], javascript: bool
) -> None:
    def look(page: Page) -> None:
        if javascript:
            axe(page)

    world, base = served.world, served.base
    agency = world.agency("social_care")
    new = NewSettings(served.provider.issuer, CLIENT_ID, SECRET, ACR)
    record_provider(world.house, world.who("helen"), agency.id, new, served.code("helen"))

    it = open_page(javascript=javascript)
    it.goto(f"{base}/sign-in/agency/{agency.id}/trial")
    look(it)
    it.get_by_role("button", name="Try a sign-in").click()
    it.get_by_role("heading", name="The trial has passed").wait_for()
    look(it)

    helen = served.signed_in(open_page, "helen", javascript)
    for path in ("", agency.id, f"{agency.id}/settings", f"{agency.id}/open"):
        helen.goto(f"{base}/unit/sign-on/{path}")
        look(helen)
    helen.get_by_label("Code from your code app").fill(served.code("helen"))
    helen.get_by_role("button", name="Open it").click()
    helen.get_by_text("Open. The agency's people can now tie it").wait_for()

    ruth = served.signed_in(open_page, "ruth", javascript)
    ruth.goto(f"{base}/account/agency")
    look(ruth)
    ruth.get_by_label("Code from your code app").fill(served.code("ruth"))
    ruth.get_by_role("button", name="Continue").click()
    look(ruth)
    ruth.get_by_role("button", name=f"Go to {agency.name}").click()
    ruth.get_by_text("It was tied to your account").wait_for()
    look(ruth)

    other = open_page(javascript=javascript)
    somebody = Somebody(Visitor(other, base, Looks(lambda _page: None)))
    with within("signing in through an agency", somebody):
        other.goto(f"{base}/sign-in?next=/agency/")
        other.get_by_role("link", name="Sign in through your agency").click()
        look(other)
        other.get_by_role("link", name=agency.name).click()
        other.get_by_role("heading", name="Open your papers").wait_for()
        look(other)
        somebody.at.fill("Passphrase", world.secrets("ruth").passphrase)
        other.get_by_role("button", name="Continue").click()
        other.wait_for_url(f"{base}/agency/")
    other.get_by_role("button", name="Sign out").click()
    other.get_by_role("heading", name="You are signed out").wait_for()
    look(other)
    other.get_by_role("link", name=f"Sign out at {agency.name} too").click()
    other.get_by_role("button", name="Sign me out").click()
    other.wait_for_url(f"{base}/signed-out*")
    other.get_by_text(f"You are signed out at {agency.name} too").wait_for()
    other.goto(f"{base}/sign-in/passphrase")
    look(other)

    ruth = served.signed_in(open_page, "ruth", javascript)
    ruth.goto(f"{base}/account/agency")
    ruth.get_by_role("link", name="Untie it from your account").click()
    ruth.get_by_role("button", name="Untie it").click()
    ruth.get_by_text("There is a problem").wait_for()
    look(ruth)
    ruth.get_by_label("Code from your code app").fill(served.code("ruth"))
    ruth.get_by_role("button", name="Untie it").click()
    ruth.get_by_text("no longer tied to your account").wait_for()


def test_whoever_signs_out_at_the_agency_is_signed_out_in_every_browser(
    served: Served, open_page: OpenPage
) -> None:
    """The provider tells the portal by itself, over the network."""
    world, base = served.world, served.base
    agency = world.agency("social_care")
    new = NewSettings(served.provider.issuer, CLIENT_ID, SECRET, ACR)
    record_provider(world.house, world.who("helen"), agency.id, new, served.code("helen"))
    it = open_page()
    it.goto(f"{base}/sign-in/agency/{agency.id}/trial/begin")
    it.get_by_role("heading", name="The trial has passed").wait_for()
    open_provider(world.house, world.who("helen"), agency.id, served.code("helen"))
    ruth = served.signed_in(open_page, "ruth", javascript=True)
    ruth.goto(f"{base}/account/agency")
    ruth.get_by_label("Code from your code app").fill(served.code("ruth"))
    ruth.get_by_role("button", name="Continue").click()
    ruth.get_by_role("button", name=f"Go to {agency.name}").click()
    ruth.get_by_text("It was tied to your account").wait_for()
    other = served.signed_in(open_page, "ruth", javascript=False)
    other.goto(f"{base}/account/")
    other.get_by_role("heading", name="My account").wait_for()

    ruth.goto(f"{served.provider.issuer}/session/end")
    ruth.get_by_role("button", name="Sign me out").click()
    ruth.wait_for_load_state()
    for page in (ruth, other):
        page.goto(f"{base}/account/")
        page.get_by_role("heading", name="Sign in").wait_for()


def test_with_the_provider_away_the_other_way_in_is_shown(
    served: Served, open_page: OpenPage, axe: Callable[[Page], None]
) -> None:
    world, agency = served.world, served.world.agency("social_care")
    new = NewSettings("http://127.0.0.1:9", CLIENT_ID, SECRET, ACR)
    record_provider(world.house, world.who("helen"), agency.id, new, served.code("helen"))
    with pytest.raises(Exception, match="code"):
        open_provider(world.house, world.who("helen"), agency.id, served.code("helen"))
    page = open_page()
    page.goto(f"{served.base}/sign-in/agency/{agency.id}/trial")
    page.get_by_text("The provider did not answer in time").wait_for()
    axe(page)
    page.goto(f"{served.base}/sign-in/agency/{agency.id}/trial/begin")
    axe(page)
    page.get_by_role("link", name="Sign in with a passphrase and a code").click()
    page.get_by_role("heading", name="Sign in").wait_for()


@pytest.mark.parametrize("prf", [True, False], ids=["prf", "no-prf"])
def test_after_the_provider_a_passkey_opens_the_papers(
    served: Served, open_page: OpenPage, prf: bool
) -> None:
    world, base = served.world, served.base
    agency = world.agency("social_care")
    new = NewSettings(served.provider.issuer, CLIENT_ID, SECRET, ACR)
    record_provider(world.house, world.who("helen"), agency.id, new, served.code("helen"))
    it = open_page()
    it.goto(f"{base}/sign-in/agency/{agency.id}/trial")
    it.get_by_role("button", name="Try a sign-in").click()
    it.get_by_role("heading", name="The trial has passed").wait_for()
    open_provider(world.house, world.who("helen"), agency.id, served.code("helen"))

    ruth = served.signed_in(open_page, "ruth", javascript=True)
    Authenticator(ruth, prf=prf)
    ruth.goto(f"{base}/account/agency")
    ruth.get_by_label("Code from your code app").fill(served.code("ruth"))
    ruth.get_by_role("button", name="Continue").click()
    ruth.get_by_role("button", name=f"Go to {agency.name}").click()
    ruth.get_by_text("It was tied to your account").wait_for()
    ruth.goto(f"{base}/account/passkeys/add")
    ruth.get_by_label("What will you call it?").fill("Office laptop")
    ruth.get_by_label("Code from your code app").fill(served.code("ruth"))
    ruth.get_by_role("button", name="Continue").click()
    with ruth.expect_navigation():
        ruth.get_by_role("button", name="Make the passkey").click()
    ruth.wait_for_selector("text=Now try it")
    ruth.get_by_role("button", name="Try the passkey").click()
    ruth.get_by_text("Office laptop").first.wait_for()
    ruth.get_by_role("button", name="Sign out").click()
    ruth.get_by_role("heading", name="You are signed out").wait_for()

    ruth.goto(f"{base}/sign-in/agency/{agency.id}?next=/practice")
    ruth.get_by_role("heading", name="Open your papers").wait_for()
    instead = ruth.get_by_role("button", name="Open with a passkey instead")
    if not prf:
        assert instead.count() == 0
        return
    instead.click()
    ruth.get_by_role("heading", name="Practice paper").wait_for()
    with ruth.expect_download() as waiting:
        ruth.get_by_role("button", name="Open the practice paper").click()
    assert saved(waiting.value).startswith(b"%PDF-")
    # The ticket was good once.
    ruth.goto(f"{base}/sign-in/passphrase")
    ruth.get_by_role("heading", name="Practice paper").wait_for(state="detached")
    assert not ruth.get_by_role("button", name="Open with a passkey instead").count()
