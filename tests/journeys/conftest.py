"""What the tests of journeys share: `world` (tests/world.py), `stage` (tests/staging.py)."""

from __future__ import annotations

from tests.staging_fixture import stage, staged
from tests.world_fixture import world, world_template

__all__ = ["stage", "staged", "world", "world_template"]
