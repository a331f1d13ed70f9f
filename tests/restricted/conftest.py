"""`held`: the restricted case of tests/restricted/holding.py, for each test a copy of its own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.restricted.holding import restricted_template
from tests.staging import Stage, Template, stage_from
from tests.world_fixture import world, world_template

__all__ = ["world", "world_template"]


@pytest.fixture(scope="session")
def held_template(world_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Template:
    """Made once a process."""
    return restricted_template(world_template, tmp_path_factory.mktemp("held"))


@pytest.fixture
def held(held_template: Template, tmp_path: Path) -> Iterator[Stage]:
    made = stage_from(held_template, tmp_path)
    made.keeper = "tom"
    # The codes of the minute in which it was made are spent.
    made.world.clock.advance(timedelta(minutes=1))
    yield made
    made.house.engine.dispose()
