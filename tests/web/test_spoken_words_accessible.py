"""The two pages of the words that a colleague speaks, in a real browser and without scripts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.record.test_accessible import signed_in
from tests.staging import Stage


def under_its_name(stage: Stage) -> Callable[[dict[str, Any], Any], Iterable[bytes]]:
    """The application, for somebody who is not signed in."""

    def through(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        return stage.world.app(environ | {"HTTP_HOST": stage.world.settings.host}, start)

    return through


@pytest.mark.real("Chromium")
def test_the_words_are_read_from_a_page_and_their_field_is_found(
    stage: Stage,
    open_page: Callable[..., Page],
    serve: Callable[[Any], str],
    axe: Callable[[Page], None],
) -> None:
    at = serve(under_its_name(stage))
    page = open_page()
    page.goto(f"{at}/sign-in")
    assert not page.get_by_label("The four words").is_visible()
    page.get_by_text("A colleague spoke four words to me").click()
    assert page.get_by_label("The four words").is_visible()
    axe(page)
    page.goto(f"{at}/recover")
    page.get_by_text("A colleague spoke four words to me").click()
    axe(page)
    helen = open_page()
    helen.goto(f"{serve(signed_in(stage, 'helen'))}/unit/people/{stage.id('mark')}/try-again")
    helen.locator("input[name=code]").fill(stage.world.code("helen"))
    helen.get_by_role("button", name="Let them try again").click()
    assert helen.locator("ol.portal-words li").count() == 4
    axe(helen)
