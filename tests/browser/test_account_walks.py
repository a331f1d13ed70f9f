"""Every page of accounts, walked with a printed card alone and no scripts, and by keyboard."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from tests.browser.accounts.routes import listed, met
from tests.browser.accounts.stories import STORIES
from tests.browser.at_the_keyboard import AtTheKeyboard
from tests.browser.northmere import Town
from tests.browser.people import People
from tests.browser.walk.story import Story


@pytest.fixture(params=STORIES.values(), ids=STORIES)
def told(request: pytest.FixtureRequest) -> ModuleType:
    """One story after the other."""
    story: ModuleType = request.param
    return story


@pytest.fixture(params=["card-alone", "keyboard"])
def everybody(
    request: pytest.FixtureRequest, people: Callable[..., People], town: Town, told: ModuleType
) -> People:
    """With a printed card and neither telephone nor scripts; or with both, but without a mouse."""
    if request.param == "keyboard":
        return people(kind=AtTheKeyboard)
    town.hand_out_cards(*told.CARDS)
    return people(javascript=False)


@pytest.mark.real("Chromium")
@pytest.mark.real("independent TOTP")
@pytest.mark.timeout(600)
def test_a_story_of_accounts(
    everybody: People, town: Town, tmp_path: Path, told: ModuleType
) -> None:
    story = Story(everybody, town, tmp_path)
    for step in told.STEPS:
        step(story)
    assert listed(told.MEETS) - met(town.app, everybody.asked()) == set()
