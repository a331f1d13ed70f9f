"""Pages of roles, unused accounts and panels in a real browser: nothing for axe to complain of."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page

from portal.domain.dormancy import DORMANT_DAYS
from portal.domain.meetings import Capacity
from portal.journeys.meetings.set_panel import set_panel
from portal.records import meetings
from portal.records.database import reading
from tests.record.test_accessible import signed_in
from tests.staging import Stage
from tests.web.browsing import sign_in


def look(axe: Callable[[Page], None], page: Page) -> None:
    axe(page)
    width = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert width <= 0, f"{page.url} is wider than the window"


@pytest.mark.real("Chromium")
@pytest.mark.parametrize(
    "path",
    [
        "/unit/people/{mark}/roles",
        "/unit/people/{mark}/deputy",
        "/unit/people/dormant/days",
        "/unit/panels/",
        "/unit/panels/new",
        "/unit/panels/{panel}/join",
        "/unit/meetings/{day}/panel?panel={panel}",
    ],
)
def test_axe_finds_nothing_on_roles_deputies_and_panels(
    stage: Stage,
    open_page: Callable[..., Page],
    serve: Callable[[Any], str],
    axe: Callable[[Page], None],
    path: str,
) -> None:
    world = stage.world
    sits = {
        stage.id("carys"): Capacity.INVESTIGATOR,
        stage.id("newcomer"): Capacity.SPECIALIST,
    }
    panel = set_panel(stage.house, world.who("helen"), None, "Level 2 panel", sits)
    with reading(stage.house.engine) as db:
        slot = meetings.load_slot(db, world.area.id, stage.slot_id)
    assert slot is not None
    page = open_page()
    known = {"mark": stage.id("mark"), "day": slot.meeting_day_id, "panel": panel}
    page.goto(serve(signed_in(stage, "helen")) + path.format(**known))
    assert page.locator("h1").count() == 1
    look(axe, page)


@pytest.mark.real("Chromium")
def test_axe_finds_nothing_on_unused_accounts(
    stage: Stage,
    open_page: Callable[..., Page],
    serve: Callable[[Any], str],
    axe: Callable[[Page], None],
) -> None:
    world = stage.world
    world.clock.advance(timedelta(days=DORMANT_DAYS, hours=1))
    sign_in(world, "helen")
    page = open_page()
    base = serve(signed_in(stage, "helen"))
    for path in ("/unit/people/dormant", f"/unit/people/{stage.id('carys')}/wake"):
        page.goto(base + path)
        assert "not used" in page.inner_text("main") or "nobody uses" in page.inner_text("main")
        look(axe, page)
