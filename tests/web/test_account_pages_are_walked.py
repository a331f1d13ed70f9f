"""A closed list: every page of accounts names the walk in a real browser that meets it."""

from __future__ import annotations

from pathlib import Path

from tests.browser.accounts.routes import ELSEWHERE, account_routes, listed
from tests.browser.accounts.stories import STORIES
from tests.world import World


def test_each_page_of_accounts_is_met_by_a_walk(world: World) -> None:
    told = [listed(story.MEETS) for story in STORIES.values()]
    walked = set().union(*told, *map(listed, ELSEWHERE.values()))
    assert walked == account_routes(world.app)


def test_each_walk_elsewhere_is_there() -> None:
    root = Path(__file__).resolve().parents[2]
    assert [each for each in ELSEWHERE if not (root / each).is_file()] == []
