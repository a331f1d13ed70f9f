"""What the tests of journeys share: the `world` (tests/world.py)."""

from __future__ import annotations

from tests.world_fixture import world, world_template

__all__ = ["world", "world_template"]
