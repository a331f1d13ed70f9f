"""What shows words of a paper outside its pages says whose copy it is on each printed sheet."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.house.test_templates import PAGES
from tests.reading.test_in_the_browser import printed
from tests.reading.test_own_changes import corrected
from tests.staging import Stage
from tests.web.test_sending_pages import Serve, visit

WIDE = {"width": "297mm", "height": "80mm"}
"""A heading that takes more than a quarter of a sheet would not be repeated."""


def test_every_page_with_a_mark_repeats_it() -> None:
    """The class or the attribute by which _print.scss does so stands around the mark."""
    marked = [text for path in PAGES if "{{ marked(" in (text := path.read_text("utf-8"))]
    assert len(marked) > 6
    for text in marked:
        before = text[: text.index("{{ marked(")]
        assert re.search(r'<div (data-reading|class="portal-marked")>', before), text[:80]


@pytest.mark.real("Chromium")
def test_what_changed_says_it_on_each_sheet(
    stage: Stage, serve: Serve, open_page: Callable[..., Page]
) -> None:
    newer = corrected(stage, "mark")
    page = visit(stage, serve, open_page, "mark")
    page.goto(f"/papers/{stage.grant('mark').id}")
    page.locator(f"form[action$='/changes/{newer}'] button").click()
    page.wait_for_load_state("networkidle")
    sheets, _links = printed(page, **WIDE)
    assert len(sheets) > 1
    assert all("OFFICIAL-SENSITIVE · Mark" in words for words in sheets[1:]), sheets
