"""What the tests of the doors share: the `world` (tests/world.py)."""

from __future__ import annotations

from tests.staging_fixture import stage, staged
from tests.world_fixture import world, world_template

__all__ = ["stage", "staged", "world", "world_template"]
