"""The pages of restricted cases in a real browser: opened, held by others, seen by nobody else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.record.test_accessible import signed_in
from tests.restricted.holding import REFERENCE
from tests.staging import Stage
from tests.web.test_people_accessible import look

pytestmark = pytest.mark.real("Chromium")

Serve = Callable[[Any], str]
Axe = Callable[[Page], None]


def test_a_case_is_opened_as_restricted_and_its_holders_change(
    held: Stage, open_page: Callable[..., Page], serve: Serve, axe: Axe
) -> None:
    page, world = open_page(), held.world
    base = serve(signed_in(held, "tom"))
    page.goto(f"{base}/unit/cases/new-restricted")
    look(axe, page)
    page.get_by_role("button").last.click()
    look(axe, page)
    assert page.locator(".govuk-error-summary").count() == 1
    page.goto(f"{base}/unit/cases/{held.case_id}/holders")
    look(axe, page)
    assert REFERENCE in page.inner_text("h1")
    page.get_by_label("Helen").check()
    world.clock.advance(timedelta(minutes=1))
    page.locator("input[name=code]").fill(world.code("tom"))
    page.get_by_role("button", name="Save who holds it").click()
    assert "Holders of the case now: 3" in page.inner_text("main")
    look(axe, page)


def test_helen_finds_it_nowhere(
    held: Stage, open_page: Callable[..., Page], serve: Serve, axe: Axe
) -> None:
    page = open_page()
    base = serve(signed_in(held, "helen"))
    for path in ("/", "/unit/cases/", "/unit/meetings/", "/record/", "/unit/people/"):
        page.goto(f"{base}{path}")
        assert REFERENCE not in page.content()
    for path in ("", "/holders"):
        answer = page.goto(f"{base}/unit/cases/{held.case_id}{path}")
        assert answer is not None
        assert answer.status == 404
    page.goto(f"{base}/unit/category-4")
    look(axe, page)
