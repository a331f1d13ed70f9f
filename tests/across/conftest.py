"""What the tests of several areas share: the `world`, and a second area in it (scene.py)."""

from __future__ import annotations

import pytest

from tests.across.scene import Two, two_areas
from tests.staging_fixture import stage, staged
from tests.world import World
from tests.world_fixture import world, world_template

__all__ = ["stage", "staged", "two", "world", "world_template"]


@pytest.fixture
def two(world: World) -> Two:
    """Northmere and Southmere, each with its own co-ordinator."""
    return two_areas(world)
