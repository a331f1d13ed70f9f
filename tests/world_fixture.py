"""The `world` fixture: a populated house of its own for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.world import World, make_template, world_from


@pytest.fixture(scope="session")
def world_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A populated database file, made once a process."""
    return make_template(tmp_path_factory.mktemp("template"))


@pytest.fixture
def world(world_template: Path, tmp_path: Path) -> Iterator[World]:
    """A house with its people, on SQLite in a folder of its own, at 9am on 4 May 2026 (UTC)."""
    made = world_from(world_template, tmp_path)
    yield made
    made.house.engine.dispose()
