"""The `stage` fixture: a case at a meeting with its papers in, for each test a copy of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.staging import Stage, Template, stage_from, stage_template
from tests.world_fixture import world_template

__all__ = ["stage", "staged", "world_template"]


@pytest.fixture(scope="session")
def staged(world_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Template:
    """Made once a process."""
    return stage_template(world_template, tmp_path_factory.mktemp("staged"))


@pytest.fixture
def stage(staged: Template, tmp_path: Path) -> Iterator[Stage]:
    made = stage_from(staged, tmp_path)
    yield made
    made.house.engine.dispose()
