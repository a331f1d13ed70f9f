"""The pages of the minutes' form, the summary and the hold in a real browser: axe finds nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from portal.domain.minutes_form import Section
from tests.journeys.form_of_minutes import write, write_all
from tests.record.test_accessible import signed_in
from tests.staging import Stage


@pytest.mark.real("Chromium")
def test_axe_finds_nothing(
    stage: Stage,
    open_page: Callable[..., Page],
    serve: Callable[[Any], str],
    axe: Callable[[Page], None],
) -> None:
    write_all(stage)
    write(stage, Section.PLAN, {"supervision": "Weekly."})
    at = f"/unit/slots/{stage.slot_id}"
    page, server = open_page(), serve(signed_in(stage, "helen"))
    for path in (
        f"{at}/minutes/form", f"{at}/minutes/form/plan", f"{at}/minutes/form/decisions",
        f"{at}/minutes/form/actions", f"{at}/minutes/form/informed", f"{at}/minutes/form/check",
        f"{at}/summary", f"{at}/summary/check", f"/unit/cases/{stage.case_id}/hold",
        "/unit/disclosures/chair",
    ):  # fmt: skip
        page.goto(server + path)
        axe(page)
        width = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert width <= 0, f"{path} is wider than the window"
