"""What the tests of crashes share: a staged meeting, made once a process."""

from __future__ import annotations

from tests.staging_fixture import staged
from tests.world_fixture import world_template

__all__ = ["staged", "world_template"]
