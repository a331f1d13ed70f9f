"""Joining with the agency's sign-on in a real browser: with scripts, and without."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from portal.domain.people import Account, Role
from portal.journeys.agencies.record_provider import NewSettings, open_provider, record_provider
from portal.journeys.joining.invite_person import invite_person
from portal.journeys.joining.new_account import NewPerson
from portal.records import people
from portal.records.database import reading
from tests.real.browser import OpenPage
from tests.real.oidc import CLIENT_ID, SECRET
from tests.sign_on.making import ACR
from tests.sign_on.served import Served
from tests.web.test_account_join import PASSPHRASE

pytestmark = [pytest.mark.real("OpenID provider"), pytest.mark.real("Chromium")]


@pytest.mark.parametrize("javascript", [True, False], ids=["with-javascript", "without"])
def test_from_the_invitation_to_the_first_page(
    served: Served, open_page: OpenPage, axe: Callable[[Page], None], javascript: bool
) -> None:
    world, base = served.world, served.base
    agency = world.agency("social_care")
    new = NewSettings(served.provider.issuer, CLIENT_ID, SECRET, ACR)
    record_provider(world.house, world.who("helen"), agency.id, new, served.code("helen"))
    it = open_page(javascript=False)
    it.goto(f"{base}/sign-in/agency/{agency.id}/trial/begin")
    it.get_by_role("heading", name="The trial has passed").wait_for()
    open_provider(world.house, world.who("helen"), agency.id, served.code("helen"))
    ines = NewPerson(
        "Ines Invited",
        "ines@northmere.example",
        "Social worker",
        "01632 960999",
        agency.id,
        frozenset({Role.ATTENDEE}),
    )
    invited = invite_person(world.house, world.who("helen"), ines)

    page = open_page(javascript=javascript)
    page.goto(f"{base}{invited.path}")
    page.get_by_role("button").last.click()
    page.goto(f"{base}/join/passphrase")
    page.get_by_label("Passphrase", exact=True).fill(PASSPHRASE)
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("link", name=f"Use the sign-in of {agency.name} instead").click()
    page.get_by_role("heading", name="Use your agency's sign-in").wait_for()
    if javascript:
        axe(page)
    page.get_by_role("button", name=f"Go to {agency.name}").click()
    page.get_by_role("heading", name="Write these down").wait_for()
    part = page.locator("ol.portal-code li").nth(3).inner_text()
    page.get_by_label("Part 4 of your recovery code").fill(part)
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("heading", name="You have joined").wait_for()
    with reading(world.house.engine) as db:
        found = people.by_id(db, invited.person.id)
    assert found is not None
    assert found.account is Account.ENROLLED
